"""How does a survey go to LimeSurvey? As its .lss; what it cannot hold is told, and comes back where it can."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from huixiang.channels.contract import Fault, marked, quoted
from huixiang.channels.surveys import marks
from huixiang.channels.surveys.codes import Renaming, fitting, renamed
from huixiang.channels.surveys.equations import Unwritable, equation_of, without_skips
from huixiang.channels.surveys.members import members_of
from huixiang.channels.surveys.types import Form, form_of, is_native
from huixiang.channels.surveys.words import Unrepeatable, language_of, markup
from huixiang.domain.surveys.conditions import Condition
from huixiang.domain.surveys.questionnaire import Choice, Question, Questionnaire, Quota, Section, Wording

DB_VERSION = "600"  # of LimeSurvey 6.0: later ones bring it up to their own, earlier ones must not read it
MOST_CODES = 12  # that one message names
SID = "100001"  # LimeSurvey gives another where it is taken
_CONTROLS = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # what XML cannot hold
Cell = str | int
Row = dict[str, Cell]


@dataclass(frozen=True, slots=True)
class Writing:
    """The file, and what of the survey LimeSurvey does not do: each with its place and what to do about it."""

    data: bytes
    losses: tuple[Fault, ...]


def written(questionnaire: Questionnaire, *, is_anonymous: bool = False) -> Writing:
    """The survey as LimeSurvey 6 exports one itself. Skips become conditions; codes are exchanged where they must."""
    renaming = fitting(questionnaire, is_native)
    writer = _Writer(renamed(questionnaire, renaming), renaming)
    writer.survey(is_anonymous)
    return Writing(writer.document(), tuple(writer.losses))


class _Writer:
    """One file. Rows gather in `tables`, in LimeSurvey's order; numbers count over the whole file."""

    def __init__(self, it: Questionnaire, renaming: Renaming) -> None:
        self.it = it
        self.losses: list[Fault] = []
        self.tables: dict[str, list[Row]] = {name: [] for name in _TABLES}
        self.codes = {renaming.questions.get(old, old): old for old in _old_codes(it, renaming)}
        self.parts = {
            renaming.questions.get(question, question): {new: old for old, new in changed.items()}
            for question, changed in renaming.parts.items()
        }
        self.qids = {question.code: index for index, question in enumerate(it.questions(), start=1)}
        self.last_qid = len(self.qids)

    def survey(self, is_anonymous: bool) -> None:
        first, *others = (language_of(each) for each in self.it.languages)
        self._add(
            "surveys", sid=SID, gsid=1, active="N", anonymized="Y" if is_anonymous else "N", format="G", language=first,
            additional_languages=" ".join(others), allowprev="Y", showprogress="Y", showwelcome="Y", datestamp="Y",
        )  # fmt: skip
        for language in self.it.languages:
            words = {
                f"surveyls_{column}": self._words("", wording, language)
                for column, wording in (
                    ("title", self.it.title), ("welcometext", self.it.welcome), ("endtext", self.it.thanks),
                )
            }  # fmt: skip
            self._add(
                "surveys_languagesettings", surveyls_survey_id=SID, surveyls_language=language_of(language), **words
            )
        if self.it.skips:
            self._lose(
                self.it.skips[0].after, marked("LimeSurvey 没有跳转，写成了其间各页的显示条件；请在那里试走一遍")
            )
        for number, (section, shown_if) in enumerate(
            zip(self.it.sections, without_skips(self.it), strict=True), start=1
        ):
            self._section(number, section, shown_if)
        for number, quota in enumerate(self.it.quotas, start=1):
            self._quota(number, quota)

    def _section(self, number: int, section: Section, shown_if: Condition | None) -> None:
        equation = self._equation(section.code, shown_if)
        self._add("groups", gid=number, sid=SID, group_order=number, randomization_group="", grelevance=equation)
        for language, words in self._worded(section.code, section.wording):
            self._add("group_l10ns", id=self._next("group_l10ns"), gid=number, group_name=words, description="",
                      language=language)  # fmt: skip
        for order, question in enumerate(section.questions, start=1):
            self._question(number, order, question, f"hx{number}" if section.is_shuffled else "")

    def _question(self, gid: int, order: int, question: Question, random_group: str) -> None:
        form, qid = form_of(question), self.qids[question.code]
        self._add(
            "questions", qid=qid, parent_qid=0, sid=SID, gid=gid, type=form.type, title=question.code, preg="",
            other="Y" if form.other else "N", mandatory="Y" if question.is_required else "N", encrypted="N",
            question_order=order, scale_id=0, same_default=0,
            relevance=self._equation(question.code, question.shown_if), question_theme_name=form.theme,
            modulename="", same_script=0,
        )  # fmt: skip
        self._localized(question.code, qid, question.wording, question.help)
        for number, row in enumerate(form.subquestions, start=1):
            self._subquestion(question, gid, qid, number, row)
        for number, choice in enumerate(form.answers):
            self._answer(question, qid, number, choice)
        self._attributes(question, form, random_group)
        for why in form.losses:
            self._lose(self.codes[question.code], why)
        if changed := self._changed(question.code):
            self._lose(self.codes[question.code], marked("代号在 LimeSurvey 里要短、只用字母数字，写成：%(codes)s"),
                       codes=changed)  # fmt: skip

    def _localized(self, code: str, qid: int, wording: Wording, help_: Wording) -> None:
        helps = dict(self._worded(code, help_))
        for language, words in self._worded(code, wording):
            self._add("question_l10ns", id=self._next("question_l10ns"), qid=qid, question=words,
                      help=helps.get(language, ""), script="", language=language)  # fmt: skip

    def _subquestion(self, question: Question, gid: int, qid: int, number: int, row: Choice) -> None:
        self.last_qid += 1
        self._add(
            "subquestions", qid=self.last_qid, parent_qid=qid, sid=SID, gid=gid, type="T", title=row.code, preg="",
            other="N", mandatory="N", encrypted="N", question_order=number, scale_id=0, same_default=0, relevance="1",
            question_theme_name="", modulename="", same_script=0,
        )  # fmt: skip
        self._localized(question.code, self.last_qid, row.wording, {})

    def _answer(self, question: Question, qid: int, number: int, choice: Choice) -> None:
        aid = self._next("answers")
        self._add("answers", aid=aid, qid=qid, code=choice.code, sortorder=number, assessment_value=0, scale_id=0)
        for language, words in self._worded(question.code, choice.wording):
            self._add("answer_l10ns", id=self._next("answer_l10ns"), aid=aid, answer=words, language=language)

    def _attributes(self, question: Question, form: Form, random_group: str) -> None:
        css = marks.written(
            question, self.codes[question.code], self.parts.get(question.code, {}), {each.code for each in form.opened}
        )
        told = [*form.attributes, ("cssclass", css, ""), ("random_group", random_group, "")]
        for attribute, value, language in told:
            if value:
                code = language_of(language) if language else ""
                self._add("question_attributes", qid=self.qids[question.code], attribute=attribute, value=value,
                          language=code)  # fmt: skip

    def _quota(self, number: int, quota: Quota) -> None:
        try:
            members = members_of(quota.when, self.it)
        except Unwritable:
            self._lose(quota.name, marked("这个配额的条件 LimeSurvey 写不下，没有写进文件；请在那里另设"))
            return
        if quota.when is None:
            self._lose(quota.name, marked("没有条件的配额在 LimeSurvey 里不起作用；请在那里给它一道题"))
        self._add("quota", id=number, sid=SID, name=quota.name, qlimit=quota.limit, action=1, active=1, autoload_url=0)
        for code, value in members:
            self._add("quota_members", id=self._next("quota_members"), sid=SID, qid=self.qids[code], quota_id=number,
                      code=value)  # fmt: skip
        for language in self.it.languages:
            self._add(
                "quota_languagesettings", quotals_id=self._next("quota_languagesettings"), quotals_quota_id=number,
                quotals_language=language_of(language), quotals_name=quota.name, quotals_message="", quotals_url="",
                quotals_urldescrip="",
            )  # fmt: skip

    def _equation(self, code: str, condition: Condition | None) -> str:
        try:
            return equation_of(condition, self.it)
        except (Unwritable, KeyError) as found:
            hangs_on = str(found.args[0])
            self._lose(self.codes.get(code, code), marked(
                "显示条件 LimeSurvey 写不下（取决于“%(on)s”），在那里总是显示；请在那里另设"
            ), on=quoted(self.codes.get(hangs_on, hangs_on)))  # fmt: skip
            return "1"

    def _worded(self, code: str, wording: Wording) -> Iterator[tuple[str, str]]:
        for language in self.it.languages:
            if wording.get(language):
                yield language_of(language), self._words(code, wording, language)

    def _words(self, code: str, wording: Wording, language: str) -> str:
        try:
            return markup(wording.get(language, ""), self.it)
        except Unrepeatable as found:
            place = self.codes.get(str(found), str(found))
            self._lose(self.codes.get(code, code), marked("文字里重复“%(on)s”的答案，LimeSurvey 做不到，写成了“…”"),
                       on=quoted(place))  # fmt: skip
            return markup(wording.get(language, ""), self.it, otherwise="…")

    def _changed(self, code: str) -> str:
        exchanged = [(self.codes[code], code)] if self.codes[code] != code else []
        exchanged += [(old, new) for new, old in self.parts.get(code, {}).items()]
        rest = "…" if len(exchanged) > MOST_CODES else ""
        return "、".join(f"{old} → {new}" for old, new in exchanged[:MOST_CODES]) + rest

    def _lose(self, place: str, why: str, **params: str) -> None:
        loss = Fault("“%(code)s”：%(why)s", code=quoted(place), why=Fault(why, **params))
        if str(loss) not in map(str, self.losses):  # each language says the same
            self.losses.append(loss)

    def _add(self, table: str, **cells: Cell) -> None:
        self.tables[table].append(cells)

    def _next(self, table: str) -> int:
        return len(self.tables[table]) + 1

    def document(self) -> bytes:
        root = etree.Element("document")
        etree.SubElement(root, "LimeSurveyDocType").text = "Survey"
        etree.SubElement(root, "DBVersion").text = DB_VERSION
        languages = etree.SubElement(root, "languages")
        for each in self.it.languages:
            etree.SubElement(languages, "language").text = language_of(each)
        for name, lines in self.tables.items():
            if lines:
                _table(etree.SubElement(root, name), lines)
        return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _table(table: etree._Element, lines: list[Row]) -> None:
    fields = etree.SubElement(table, "fields")
    for name in lines[0]:
        etree.SubElement(fields, "fieldname").text = name
    rows = etree.SubElement(table, "rows")
    for line in lines:
        row = etree.SubElement(rows, "row")
        for name, value in line.items():
            cell = etree.SubElement(row, name)
            if text := _CONTROLS.sub("", str(value)).replace("]]>", "]]&gt;"):
                cell.text = etree.CDATA(text)


def _old_codes(it: Questionnaire, renaming: Renaming) -> Iterator[str]:
    back = {new: old for old, new in renaming.questions.items()}
    for question in it.questions():
        yield back.get(question.code, question.code)


_TABLES = (
    "answers", "answer_l10ns", "groups", "group_l10ns", "questions", "subquestions", "question_l10ns",
    "question_attributes", "quota", "quota_members", "quota_languagesettings", "surveys", "surveys_languagesettings",
)  # fmt: skip
