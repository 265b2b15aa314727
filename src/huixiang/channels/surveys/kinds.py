"""Which of LimeSurvey's some thirty question types is which of our nine kinds, and what is lost by it?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from huixiang.channels.contract import marked
from huixiang.domain.surveys.questionnaire import Choice, Kind, Question, Wording


@dataclass(frozen=True, slots=True)
class Raw:
    """One question as LimeSurvey has it: its parts by scale, its words without markup."""

    code: str
    type: str
    wording: Wording
    help: Wording
    is_required: bool
    has_other: bool
    subquestions: tuple[tuple[Choice, ...], tuple[Choice, ...]]  # of scale 0, of scale 1
    answers: tuple[tuple[Choice, ...], tuple[Choice, ...]]
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Made:
    """What became of it: none, one or several questions; why not, or what is lost, in words that say what to do."""

    questions: tuple[Question, ...]
    loss: str = ""


OTHER = Choice(
    "other", {"zh": "其他", "en": "Other", "zh-hant": "其他", "de": "Sonstiges", "fr": "Autre"}, is_open=True
)


def made(raw: Raw) -> Made:
    """The same question in our kinds."""
    if raw.type in _MAKERS:
        return _MAKERS[raw.type](raw)
    return Made((), _NOT.get(raw.type, marked("没有对应的题型，没有导入；请改用其他题型后手工补上")))


def _asked(raw: Raw, kind: Kind, **fields: object) -> Question:
    orders = {raw.attributes.get(name) for name in ("answer_order", "subquestion_order")}  # the latter since version 7
    shuffled = raw.attributes.get("random_order") == "1" or "random" in orders
    common = {"is_required": raw.is_required, "help": raw.help, "is_shuffled": shuffled and kind in _SHUFFLED}
    return Question(raw.code, kind, raw.wording, **(common | fields))  # type: ignore[arg-type]


def _single(raw: Raw) -> Made:
    choices = (*raw.answers[0], *((_other(raw),) if raw.has_other else ()))
    loss = marked("每个选项旁的评论栏没有导入；需要时在后面加一道文字题") if raw.type == "O" else ""
    return Made((_asked(raw, Kind.SINGLE, choices=choices),), loss)


def _multiple(raw: Raw) -> Made:
    exclusive = set(re.split(r"[;,]", raw.attributes.get("exclude_all_others", "")))
    choices = tuple(
        replace(each, is_open=raw.type == "P", is_exclusive=each.code in exclusive) for each in raw.subquestions[0]
    )
    choices += (_other(raw),) if raw.has_other else ()
    bounds = {"least": _bound(raw, "min_answers"), "most": _bound(raw, "max_answers")}
    return Made((_asked(raw, Kind.MULTIPLE, choices=choices, **bounds),))


def _rank(raw: Raw) -> Made:
    choices = raw.answers[0] or raw.subquestions[0]
    most = _bound(raw, "max_subquestions") or _bound(raw, "max_answers")
    return Made((_asked(raw, Kind.RANK, choices=choices, least=_bound(raw, "min_answers"), most=most),))


def _matrix(raw: Raw) -> Made:
    return Made((_asked(raw, Kind.MATRIX, rows=raw.subquestions[0], choices=raw.answers[0]),))


def _fixed_matrix(raw: Raw) -> Made:
    return Made((_asked(raw, Kind.MATRIX, rows=raw.subquestions[0], choices=FIXED[raw.type]),))


def _fixed_single(raw: Raw) -> Made:
    return Made((_asked(raw, Kind.SINGLE, choices=FIXED[raw.type]),))


def _dual(raw: Raw) -> Made:
    """Two scales beside each other become two questions, one behind the other."""
    first = _asked(raw, Kind.MATRIX, rows=raw.subquestions[0], choices=raw.answers[0])
    second = replace(first, code=f"{raw.code}_2", choices=raw.answers[1])
    return Made((first, second), marked("双量表拆成了前后两道矩阵题；请核对两题的文字"))


def _five(raw: Raw) -> Made:
    return Made((_asked(raw, Kind.CSAT, most=5),), marked("五点量表按“满意度”导入；若问的不是满意度，请改题型"))


def _text(raw: Raw) -> Made:
    loss = marked("数字题按文字题导入，不再校验数字；请核对") if raw.type == "N" else ""
    return Made((_asked(raw, Kind.TEXT, most=min(_bound(raw, "maximum_chars"), 2000)),), loss)


def _texts(raw: Raw) -> Made:
    """Several short texts under one head: a question each."""
    questions = tuple(
        replace(
            _asked(raw, Kind.TEXT, help={}),
            code=f"{raw.code}_{part.code}",
            wording={language: _joined(raw.wording, part, language) for language in {*raw.wording, *part.wording}},
        )
        for part in raw.subquestions[0]
    )
    return Made(questions, marked("一题多栏拆成了多道文字题；请核对") if questions else _NO_PARTS)


def _date(raw: Raw) -> Made:
    has_time = re.search(r"[HhMm]{2}:", raw.attributes.get("date_format", ""))
    return Made((_asked(raw, Kind.DATE),), marked("只收日期，时刻没有导入；请核对") if has_time else "")


def _joined(wording: Wording, part: Choice, language: str) -> str:
    return " · ".join(words for words in (wording.get(language, ""), part.wording.get(language, "")) if words)


def _other(raw: Raw) -> Choice:
    languages = list(raw.wording) or ["zh"]
    name = "other_replace_text"
    is_worded = any(each.startswith(f"{name}@") for each in raw.attributes)
    usual = "" if is_worded else raw.attributes.get(name, "")  # where the file tells no language
    own = {each: raw.attributes.get(f"{name}@{each}", usual).strip() for each in languages}
    return replace(
        OTHER, wording={each: own[each] or OTHER.wording.get(each, OTHER.wording["en"]) for each in languages}
    )


def _bound(raw: Raw, name: str) -> int:
    text = raw.attributes.get(name, "").strip()
    return int(text) if re.fullmatch(r"\d{1,4}", text) else 0


def _numbered(last: int) -> tuple[Choice, ...]:
    return tuple(Choice(str(point), {"zh": str(point), "en": str(point)}) for point in range(1, last + 1))


def _worded(*told: tuple[str, str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, {"zh": zh, "en": en}) for code, zh, en in told)


def types() -> Iterator[str]:
    """The types that become a question."""
    yield from _MAKERS


_SHUFFLED = (Kind.SINGLE, Kind.MULTIPLE, Kind.MATRIX, Kind.RANK)
FIXED = {
    "A": _numbered(5),
    "B": _numbered(10),
    "C": _worded(("Y", "是", "Yes"), ("U", "不确定", "Uncertain"), ("N", "否", "No")),
    "E": _worded(("I", "增加", "Increase"), ("S", "不变", "Same"), ("D", "减少", "Decrease")),
    "Y": _worded(("Y", "是", "Yes"), ("N", "否", "No")),
    "G": _worded(("F", "女", "Female"), ("M", "男", "Male")),
}
_NO_PARTS = marked("没有子问题，没有导入；请手工补上")
_NOT = {
    "X": marked("是一段说明文字，不是题目；请写进下一题的“说明”或开头的话"),
    "I": marked("是语言切换；本系统的页面自带，不需要导入"),
    "*": marked("是计算式，没有导入；需要引用答案时用 {{q1}}"),
    "|": marked("是上传文件，没有导入；请改请客户到意见箱上传"),
    ";": marked("是文字矩阵，没有导入；请改成几道文字题"),
    ":": marked("是数字矩阵，没有导入；请改成矩阵题或几道文字题"),
}
_MAKERS: dict[str, Callable[[Raw], Made]] = {
    "L": _single, "!": _single, "O": _single, "5": _five, "M": _multiple, "P": _multiple, "F": _matrix, "H": _matrix,
    "A": _fixed_matrix, "B": _fixed_matrix, "C": _fixed_matrix, "E": _fixed_matrix, "1": _dual, "R": _rank,
    "N": _text, "S": _text, "T": _text, "U": _text, "K": _texts, "Q": _texts, "D": _date, "Y": _fixed_single,
    "G": _fixed_single,
}  # fmt: skip
