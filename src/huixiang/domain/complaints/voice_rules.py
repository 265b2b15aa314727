"""Which voices become complaints by themselves? Rules as dated data, each with its words; the first that fits holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.tables import Table, once, sections, tables_of
from huixiang.domain.feedback import Channel
from huixiang.domain.understanding.contract import KINDS

# Who answers a survey or talks in a group was promised to stay apart from what was said.
CHANNELS = {each.value for each in Channel if each not in (Channel.SURVEY, Channel.FOCUS_GROUP)}
MOST_RULES = 50


class Then(StrEnum):
    """What becomes of a voice that a rule takes?"""

    REGISTER = "register"
    PROPOSE = "propose"


class Contact(StrEnum):
    """Must it be known who speaks?"""

    KNOWN = "known"
    UNKNOWN = "unknown"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class VoiceRule:
    """Of these channels: of these kinds with this probability at least, or with one of these risks.

    `needs_both`: kind and risk together. An empty list of kinds or risks asks for none.
    """

    code: str
    title: str
    channels: frozenset[str]
    kinds: frozenset[str]
    percent: int
    risks: frozenset[str]
    needs_both: bool
    contact: Contact
    then: Then


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice as far as a rule looks. `probability` None: a person has judged its kind, which is sure."""

    channel: str
    kind: str | None
    probability: float | None
    risks: Sequence[str]
    is_known: bool


def read_voice_rules(text: str, risks: set[str] | None = None) -> tuple[VoiceRule, ...]:
    """The rules of a TOML text; no rule at all is allowed: nothing is taken then. Raises BadCase with what to write."""
    table = tables_of(text)
    Table(table, "声音转投诉的规则", {"rule"}).done(None)
    found = sections(table, "rule", needed=False)
    if len(found) > MOST_RULES:
        raise BadCase("规则超过 %(most)s 条", most=MOST_RULES)
    rules = tuple(_rule(each, f"[[rule]] {n}", risks) for n, each in enumerate(found, 1))
    once("rule", [each.code for each in rules])
    return rules


def _rule(found: object, place: str, risks: set[str] | None) -> VoiceRule:
    has = found if isinstance(found, Mapping) else {}
    table = Table(found, place)
    rule = VoiceRule(
        table.code("code"),
        table.text("title"),
        table.words("channels", CHANNELS),
        table.words("kinds", set(KINDS), least=0),
        table.amount("percent", 100) if "percent" in has else 1,
        table.words("risks", risks, least=0),
        table.yes("needs_both") if "needs_both" in has else False,
        Contact(table.known("contact", {each.value for each in Contact})) if "contact" in has else Contact.ANY,
        Then(table.known("then", {each.value for each in Then})),
    )
    if not (rule.kinds or rule.risks) or (rule.needs_both and not (rule.kinds and rule.risks)):
        raise BadCase("%(place)s 至少要写 kinds 或 risks；needs_both 时两者都要写", place=place)
    return table.done(rule)


def rule_for(heard: Heard, rules: Sequence[VoiceRule]) -> tuple[VoiceRule, dict[str, object]] | None:
    """The first rule that fits, and by what; None: it stays a voice."""
    for rule in rules:
        why = _why(heard, rule)
        if why is not None:
            return rule, why
    return None


def _why(heard: Heard, rule: VoiceRule) -> dict[str, object] | None:
    is_wanted = {Contact.ANY: True, Contact.KNOWN: heard.is_known, Contact.UNKNOWN: not heard.is_known}[rule.contact]
    if heard.channel not in rule.channels or not is_wanted:
        return None
    sure = 1.0 if heard.probability is None else heard.probability
    by_kind = heard.kind in rule.kinds and sure * 100 >= rule.percent
    risks = [code for code in heard.risks if code in rule.risks]
    if not (by_kind and risks if rule.needs_both else by_kind or risks):
        return None
    why: dict[str, object] = {"channel": heard.channel}
    if by_kind:
        why |= {"kind": heard.kind, "percent": None if heard.probability is None else round(sure * 100)}
    return why | ({"risks": risks} if risks else {}) | {"is_known": heard.is_known}
