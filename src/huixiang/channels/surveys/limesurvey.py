"""What does a LimeSurvey export ask? Groups become pages, equations conditions; what cannot be taken over is told."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import groupby

from huixiang.channels.contract import Fault, quoted
from huixiang.channels.surveys import marks, relevance, settings, untaken
from huixiang.channels.surveys.codes import Renaming, renamed, without_doubles
from huixiang.channels.surveys.kinds import Raw, made
from huixiang.channels.surveys.names import Names
from huixiang.channels.surveys.tables import Line, Tables, parsed
from huixiang.channels.surveys.words import plain_of, short_of
from huixiang.domain.surveys.conditions import All, Condition, Operator
from huixiang.domain.surveys.questionnaire import Choice, Question, Questionnaire, Quota, Section

KINDS = ("Survey", "Question", "Group")
_HIDDEN = re.compile(r"\s*\{?\s*0\s*\}?\s*")


def read(data: bytes, name: str) -> tuple[Questionnaire, list[Fault]]:
    """The questionnaire, and a Fault for each thing that was not taken over. Raises Fault where nothing can be read."""
    tables = parsed(data, name)
    if tables.kind not in KINDS:
        raise Fault(
            "“%(name)s”是 LimeSurvey 的“%(kind)s”文件，不是问卷；请导出问卷结构（.lss）",
            name=quoted(name),
            kind=quoted(tables.kind),
        )
    questionnaire, losses = _Reader(tables).questionnaire()
    if not any(section.questions for section in questionnaire.sections):
        raise Fault("“%(name)s”里没有能导入的题目", name=quoted(name))
    return questionnaire, losses


class _Reader:
    """One file. What is met by the way and not taken over gathers in `losses`."""

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self.losses: list[Fault] = []
        self.expressions: list[str] = []  # met in words since they were last told
        self.embedded: list[str] = []  # likewise: why pictures and the like did not come along
        self.languages = _languages(tables)
        self.names = Names()
        self.renaming = Renaming()

    def questionnaire(self) -> tuple[Questionnaire, list[Fault]]:
        lines = sorted((line for line in self._once("questions", "qid") if line["parent_qid"] in ("", "0")), key=_order)
        by_group: dict[str, list[Line]] = {}
        for line in lines:
            by_group.setdefault(line["gid"], []).append(line)
        groups = sorted(self._once("groups", "gid"), key=lambda line: line.number("group_order"))
        known = [line["gid"] for line in groups if line["gid"] in by_group]
        order = [*known, *(gid for gid in by_group if gid not in known)]
        asked = {gid: [each for line in by_group.get(gid, []) for each in self._questions(line)] for gid in order}
        sections = [self._section(number, gid, groups, asked[gid]) for number, gid in enumerate(order, start=1)]
        sections = [section for section in sections if section.questions]
        for line, name, why in settings.untaken(self.tables):
            self._lose(line, name, why)
        made_of = Questionnaire(
            self._settings("surveyls_title"),
            tuple(sections),
            self.languages,
            self._settings("surveyls_welcometext"),
            self._settings("surveyls_endtext"),
            quotas=self._quotas(),
        )
        return renamed(made_of, without_doubles(self.renaming, made_of)), self.losses

    def _settings(self, column: str) -> dict[str, str]:
        rows = self.tables["surveys_languagesettings"]
        self._begin_words()
        told = {short_of(line["surveyls_language"]): self._words(line[column]) for line in rows}
        for line in rows[:1]:
            self._tell_expression(line, column)
        return {language: text for language, text in told.items() if text}

    def _tell_expression(self, line: Line, code: str) -> None:
        for found in self.expressions[:1]:
            self._lose(line, code, "文字里的“%(found)s”没有导入，客户会照样看到它；请改写", found=quoted(found))
        for why in dict.fromkeys(self.embedded):
            self._lose(line, code, why)
        self._begin_words()

    def _begin_words(self) -> None:
        self.expressions.clear()
        self.embedded.clear()

    def _section(self, number: int, gid: str, groups: list[Line], asked: list[tuple[Line, Question]]) -> Section:
        line = next((each for each in groups if each["gid"] == gid), Line(0, {}))
        shown_if = self._relevance(line, line["grelevance"], f"{number}")
        questions = tuple(replace(question, shown_if=self._shown_if(each, question)) for each, question in asked)
        self._begin_words()
        title = self._wording("groups", "group_l10ns", "gid", gid, "group_name")
        self._tell_expression(line, str(number))
        if self._wording("groups", "group_l10ns", "gid", gid, "description"):
            self._lose(line, str(number), "页的说明文字没有导入；需要时写进这一页第一题的“说明”")
        if line["randomization_group"]:
            self._lose(line, str(number), "页的随机分组没有导入；页内随机可在“页”里设置")
        return Section(
            self.names.free(f"s{number}"),
            title,
            questions,
            shown_if,
            self._is_shuffled(asked),
        )

    def _is_shuffled(self, asked: list[tuple[Line, Question]]) -> bool:
        """LimeSurvey shuffles what is of one random group: a page, where that are all of its questions."""
        drawn = {each["qid"]: self._attributes(each["qid"]).get("random_group", "") for each, _question in asked}
        if not any(drawn.values()) or len(set(drawn.values())) == 1:
            return any(drawn.values())
        line = next(each for each, _question in asked if drawn[each["qid"]])
        self._lose(line, line["title"], "只打乱页内几题没有导入；整页打乱可在“页”里设置")
        return False

    def _questions(self, line: Line) -> list[tuple[Line, Question]]:
        self._begin_words()
        raw = self._raw(line)
        found = made(raw)
        css = raw.attributes.get("cssclass", "")
        if found.loss and not marks.is_kind(css):
            self._lose(line, line["title"], found.loss)
        if _HIDDEN.fullmatch(line["relevance"]) or raw.attributes.get("hidden") == "1":
            self._lose(line, line["title"], "在原问卷里总是隐藏，没有导入；需要时手工补上")
            return []
        questions = [self.names.own(marks.applied(css, question)) for question in found.questions]
        self._tell_untaken(line, raw, questions)
        for question in questions:
            marks.remembered(css, question.code, self.renaming)
            self.names.know(line["sid"], line["gid"], line["qid"], line["title"], question)
        return [(line, question) for question in questions]

    def _tell_untaken(self, line: Line, raw: Raw, questions: list[Question]) -> None:
        if not questions:
            return  # told already as a whole
        parts = [each["relevance"] for each in self.tables.having("subquestions", "parent_qid", line["qid"])]
        has_default = bool(self.tables.having("defaultvalues", "qid", line["qid"]))
        for why in untaken.of_question(line.cells, raw.attributes, parts, has_default=has_default):
            self._lose(line, line["title"], why)
        if any(each["script"].strip() for each in self.tables.having("question_l10ns", "qid", line["qid"])):
            self._lose(line, line["title"], "题目里的脚本没有导入，它做的事这里不会发生；请核对")
        self._tell_expression(line, line["title"])

    def _raw(self, line: Line) -> Raw:
        qid = line["qid"]
        return Raw(
            code=line["title"],
            type=line["type"],
            wording=self._wording("questions", "question_l10ns", "qid", qid, "question"),
            help=self._wording("questions", "question_l10ns", "qid", qid, "help"),
            is_required=line["mandatory"] in ("Y", "S"),
            has_other=line["other"] == "Y",
            subquestions=(self._parts(qid, "0"), self._parts(qid, "1")),
            answers=(self._answers(qid, "0"), self._answers(qid, "1")),
            attributes=self._attributes(qid),
        )

    def _attributes(self, qid: str) -> dict[str, str]:
        """By name, and by name@language where they are words."""
        told = self.tables.having("question_attributes", "qid", qid)
        worded = {
            f"{each['attribute']}@{short_of(each['language'])}": each["value"] for each in told if each["language"]
        }
        return {each["attribute"]: each["value"] for each in told} | worded

    def _parts(self, qid: str, scale: str) -> tuple[Choice, ...]:
        first: dict[str, Line] = {}
        for line in self.tables.having("subquestions", "parent_qid", qid):
            first.setdefault(line["qid"], line)
        rows = [each for each in first.values() if (each["scale_id"] or "0") == scale]
        wording = [
            self._wording("subquestions", "question_l10ns", "qid", each["qid"], "question")
            for each in sorted(rows, key=_order)
        ]
        codes = [each["title"] for each in sorted(rows, key=_order)]
        return self.names.choices(zip(codes, wording, strict=True))

    def _answers(self, qid: str, scale: str) -> tuple[Choice, ...]:
        rows = [each for each in self.tables.having("answers", "qid", qid) if (each["scale_id"] or "0") == scale]
        rows.sort(key=lambda each: each.number("sortorder"))
        codes: dict[str, dict[str, str]] = {}
        for each in rows:
            words = codes.setdefault(each["code"], {})
            if each["answer"] and each["language"]:
                self.embedded += untaken.embedded(each["answer"])
                words[short_of(each["language"])] = plain_of(each["answer"])
            else:
                words |= self._wording("", "answer_l10ns", "aid", each["aid"], "answer")
        return self.names.choices(codes.items())

    def _wording(self, old: str, new: str, key: str, value: str, column: str) -> dict[str, str]:
        """The words in all languages: since version 4 in a table of their own, before in the rows themselves."""
        rows = [each for table in (old, new) if table for each in self.tables.having(table, key, value)]
        found = {short_of(each["language"]): each[column] for each in rows if each["language"]}
        told = {language: self._words(found[language]) for language in self.languages if found.get(language)}
        return {language: text for language, text in told.items() if text}

    def _words(self, cell: str) -> str:
        """Without markup, with our own signs for answers repeated; what is lost by it is remembered."""
        self.embedded += untaken.embedded(cell)
        if "{" in cell:
            # A brace written as a number begins no expression, nor does one before a space.
            self.expressions += untaken.expressions(self.names.piped(plain_of(cell.replace("&#123;", "{ "))))
        return self.names.piped(plain_of(cell))

    def _once(self, table: str, key: str) -> list[Line]:
        """Before version 4 each row stands once for each language."""
        first: dict[str, Line] = {}
        for line in self.tables[table]:
            first.setdefault(line[key], line)
        return list(first.values())

    def _shown_if(self, line: Line, question: Question) -> Condition | None:
        equation = line["relevance"]
        if not equation or equation.strip() == "1":
            return self._former(line)
        return self._relevance(line, equation, question.code)

    def _relevance(self, line: Line, equation: str, code: str) -> Condition | None:
        try:
            return relevance.condition_of(equation, self.names.meant)
        except relevance.Unread as found:
            self._lose(line, code, "条件“%(equation)s”没有导入（看不懂“%(found)s”），现在总是显示；请补上显示条件",
                       equation=quoted(equation), found=quoted(str(found)))  # fmt: skip
            return None

    def _former(self, line: Line) -> Condition | None:
        """Conditions from before there were equations: of one question any, of several all, of scenarios any."""
        rows = self.tables.having("conditions", "qid", line["qid"])
        scenarios = []
        for _scenario, told in groupby(sorted(rows, key=_scenario_of), key=lambda each: each["scenario"]):
            parts = []
            for _field, same in groupby(told, key=lambda each: each["cfieldname"]):
                tests = [self._relevance(each, _equation(each), line["title"]) for each in same]
                parts.append(_any([test for test in tests if test]))
            known = [part for part in parts if part]
            scenarios.append(All(tuple(known)) if len(known) > 1 else known[0] if known else None)
        return _any([each for each in scenarios if each])

    def _quotas(self) -> tuple[Quota, ...]:
        quotas: list[Quota] = []
        for line in self._once("quota", "id"):
            members = self.tables.having("quota_members", "quota_id", line["id"])
            if line["active"] == "0" or line.number("qlimit") < 1:
                self._lose(line, line["name"], "配额没有启用或上限为 0，没有导入；需要时手工补上")
                continue
            try:
                when = self._members(members)
            except relevance.Unread as found:
                self._lose(line, line["name"], "配额的条件“%(found)s”没有看懂，整个配额没有导入；请在“配额”里另设",
                           found=quoted(str(found)))  # fmt: skip
                continue
            if when is None:
                self._lose(line, line["name"], "配额没有条件，导入后按全部答卷计数；不要的话请在“配额”里删去")
            number = len(quotas) + 1
            quotas.append(
                Quota(f"quota{number}", plain_of(line["name"])[:60] or f"quota{number}", when, line.number("qlimit"))
            )
        return tuple(quotas)

    def _members(self, members: list[Line]) -> Condition | None:
        """Several answers to one thing that was asked: any of them; of several things: all.

        Each choice of a multiple question, and each row of a matrix, is a thing by itself: a column of its answers.
        Raises Unread where one is not understood: the quota without it would count more people and close too early.
        """
        told: dict[tuple[str, str], list[Condition]] = {}
        for each in members:
            found = self.names.chosen(each["qid"], each["code"])
            if found is None:
                raise relevance.Unread(each["code"])
            own = str(found.value) if found.operator is Operator.INCLUDES else found.row
            told.setdefault((found.question, own), []).append(found)
        parts = [some for each in told.values() if (some := _any(each))]
        return None if not parts else parts[0] if len(parts) == 1 else All(tuple(parts))

    def _lose(self, line: Line, code: str, why: str, **params: str) -> None:
        """Told with its place; the same sentence may tell of many places."""
        self.losses.append(
            Fault("第 %(line)s 行，%(code)s：%(why)s", line=line.line, code=quoted(code), why=Fault(why, **params))
        )


def _languages(tables: Tables) -> tuple[str, ...]:
    rows = tables["surveys"]
    base = [rows[0]["language"], *rows[0]["additional_languages"].split()] if rows else []
    found = dict.fromkeys(short_of(code) for code in (*filter(None, base), *tables.languages))
    return tuple(found) or ("zh",)


def _order(line: Line) -> int:
    return line.number("question_order")


def _scenario_of(line: Line) -> tuple[str, str]:
    return line["scenario"], line["cfieldname"]


def _equation(line: Line) -> str:
    """An old condition as the equation that LimeSurvey itself makes of it today."""
    field, value = line["cfieldname"].lstrip("+"), line["value"].replace('"', "")
    method = {"==": "==", "!=": "!=", ">": ">", "<": "<", ">=": ">=", "<=": "<=", " ": "=="}.get(line["method"], "?")
    if value.startswith(("@", "{")):
        return value  # another question's answer, or a participant's attribute: not a value to compare with
    if line["cfieldname"].startswith("+"):
        return f'{field}{value} {method} "Y"'
    return f'{field} {method} "{value}"'


def _any(found: Iterable[Condition]) -> Condition | None:
    parts = tuple(found)
    return relevance.any_of(parts) if parts else None
