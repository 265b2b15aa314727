"""What is wrong with a questionnaire, and how is it put right? In the reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.surveys.names import language_name
from huixiang.domain.surveys.checking import Problem, Trouble, problems
from huixiang.domain.surveys.questionnaire import Questionnaire, worded

Sentence = str | Promise
# What is wrong, and what to do about it.
SENTENCES: dict[Trouble, tuple[Sentence, Sentence]] = {
    Trouble.NO_TITLE: (gettext_lazy("没有写给客户看的标题"), gettext_lazy("在“标题与语言”里填写")),
    Trouble.NO_QUESTIONS: (gettext_lazy("还没有题目"), gettext_lazy("先加一题")),
    Trouble.TOO_MANY_QUESTIONS: (gettext_lazy("题目超过 %(what)s 道"), gettext_lazy("分成几份问卷；客户也答不完")),
    Trouble.EMPTY_SECTION: (gettext_lazy("这一页没有题目"), gettext_lazy("加题，或删去这一页；客户不会看到它")),
    Trouble.SAME_CODE: (gettext_lazy("代号“%(what)s”用了两次"), gettext_lazy("改其中一个的代号")),
    Trouble.BAD_CODE: (
        gettext_lazy("代号“%(what)s”不合规"),
        gettext_lazy("用字母开头，只含字母、数字和下划线，不超过 40 个，也不能是 end"),
    ),
    Trouble.NO_WORDS: (gettext_lazy("有题目、选项或行没有写文字"), gettext_lazy("补上文字，或删去")),
    Trouble.UNTRANSLATED: (
        gettext_lazy("缺“%(what)s”的译文"),
        gettext_lazy("在“译文”里补上；不补的地方显示原文"),
    ),
    Trouble.FEW_CHOICES: (gettext_lazy("选项不到两个"), gettext_lazy("至少写两个，一行一个")),
    Trouble.MANY_CHOICES: (gettext_lazy("选项或行超过 %(what)s 个"), gettext_lazy("减少选项")),
    Trouble.NO_ROWS: (gettext_lazy("矩阵没有行"), gettext_lazy("写上要评价的各项，一行一个")),
    Trouble.SAME_CHOICE: (
        gettext_lazy("选项代号“%(what)s”用了两次"),
        gettext_lazy("改其中一个的代号，或删去“=”前的代号"),
    ),
    Trouble.BAD_CHOICE: (gettext_lazy("选项代号“%(what)s”不合规"), gettext_lazy("只用字母、数字和下划线")),
    Trouble.BOUNDS: (
        gettext_lazy("最少与最多（%(what)s）对不上，没有人能答对"),
        gettext_lazy("改最少或最多；0 表示不限"),
    ),
    Trouble.SCALE: (gettext_lazy("量表到 %(what)s 分"), gettext_lazy("改成 2 到 10 之间；0 表示用常用的分数")),
    Trouble.UNKNOWN_QUESTION: (gettext_lazy("条件里的题目“%(what)s”不存在"), gettext_lazy("重选条件，或删去这一条")),
    Trouble.LATER_QUESTION: (
        gettext_lazy("条件看的是更后面的题目“%(what)s”，那时还没有答案"),
        gettext_lazy("把那一题移到前面，或改条件"),
    ),
    Trouble.UNKNOWN_VALUE: (gettext_lazy("条件要的答案，题目“%(what)s”里没有"), gettext_lazy("重选条件里的答案")),
    Trouble.UNFIT: (gettext_lazy("这样的比较不适合题目“%(what)s”的题型"), gettext_lazy("重选比较方式")),
    Trouble.EMPTY_GROUP: (gettext_lazy("条件里有一组是空的"), gettext_lazy("补上，或删去这一组")),
    Trouble.UNREACHABLE: (
        gettext_lazy("没有客户看得到这一题：条件互相矛盾，或前面总是跳过"),
        gettext_lazy("改这一题、这一页的条件，或前面的跳转"),
    ),
    Trouble.PIPED_UNKNOWN: (
        gettext_lazy("文字里引用的答案“%(what)s”，在它之前没有这一题"),
        gettext_lazy("改 {{…}} 里的代号"),
    ),
    Trouble.PIPED_MAYBE: (
        gettext_lazy("引用的“%(what)s”可能没有人答，那时此处会空着"),
        gettext_lazy("写成 {{代号|没答时的字}}，或设那一题为必答"),
    ),
    Trouble.SKIP_FROM: (gettext_lazy("跳转的起点“%(what)s”不存在"), gettext_lazy("删去这条跳转")),
    Trouble.SKIP_BACK: (gettext_lazy("跳转到“%(what)s”：它不在后面"), gettext_lazy("只能跳到更后面的页，或结束")),
    Trouble.SKIP_NEVER: (gettext_lazy("这条跳转永远不会发生"), gettext_lazy("改条件，或删去")),
    Trouble.QUOTA_NEVER: (gettext_lazy("没有客户会算进这个配额"), gettext_lazy("改配额的条件")),
    Trouble.QUOTA_LIMIT: (gettext_lazy("配额的上限是 0，一份也收不到"), gettext_lazy("填写上限")),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One problem in words, and where to mend it."""

    kind: str
    place: str  # the code, for the link
    where: str
    what: str
    remedy: str
    is_hint: bool


def told(questionnaire: Questionnaire) -> list[Told]:
    """All problems, those that bar publishing first."""
    found = sorted(problems(questionnaire), key=lambda problem: problem.is_hint)
    return [_told(problem, questionnaire) for problem in found]


def _told(problem: Problem, questionnaire: Questionnaire) -> Told:
    what, remedy = SENTENCES[problem.trouble]
    about = language_name(problem.what) if problem.trouble is Trouble.UNTRANSLATED else problem.what
    return Told(
        problem.kind,
        _place(problem, questionnaire),
        _where(problem, questionnaire),
        str(what) % {"what": about},
        str(remedy),
        problem.is_hint,
    )


def _place(problem: Problem, questionnaire: Questionnaire) -> str:
    """A skip is mended on the page of the section it leads away from."""
    if problem.kind == "skip":
        return questionnaire.skips[int(problem.place) - 1].after
    return problem.place


def _where(problem: Problem, questionnaire: Questionnaire) -> str:
    if problem.kind == "question":
        for number, question in enumerate(questionnaire.questions(), start=1):
            if question.code == problem.place:
                words = worded(question.wording, questionnaire.languages[0]) or question.code
                return _("第 %(number)s 题 %(words)s") % {"number": number, "words": words[:24]}
    if problem.kind == "section":
        for number, section in enumerate(questionnaire.sections, start=1):
            if section.code == problem.place:
                return _("第 %(number)s 页") % {"number": number}
    names = {"skip": _("第 %(place)s 条跳转"), "quota": _("配额 %(place)s"), "title": _("标题与语言")}
    return names.get(problem.kind, "%(place)s") % {"place": problem.place}
