"""What is somebody about to do with a complaint, and what is written down of it?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from huixiang.domain.complaints.contacts import told_of
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.standing import Entry, Standing

MEDIA = {"phone": "电话", "letter": "信函", "face": "当面", "mail": "邮件", "sms": "短信"}
OLD_REGISTER = "old_register"
REMEDIES = frozenset({"review", "mediation", "arbitration", "litigation"})


@dataclass(frozen=True, slots=True)
class Act:
    """What somebody is about to do. `units` are the units he works in with all above them; `levels` what he may
    approve as, of `Extension.approvers`; `to_units` as `units`, of the person it is given to.

    `is_lapsed`: the limit for the reply is over at `at`; `is_review_lapsed`: the one to apply for a review.
    `limit_fen`: up to how much he decides alone.
    """

    verb: str
    at: int
    by: str = ""
    units: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()
    told_at: int | None = None
    has_words: bool = False
    reason: str = ""
    rule: str = ""
    to: str = ""
    to_units: frozenset[str] = frozenset()
    unit: str = ""
    case: str = ""
    fen: int = 0
    limit_fen: int = 0
    names_grounds: bool = False
    remedies: frozenset[str] = frozenset()
    seriousness: str = ""
    accused: frozenset[str] = frozenset()
    conflicts: frozenset[str] = frozenset()
    classes: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, frozenset[str]] = field(default_factory=dict)  # class → codes in force on the case's day
    is_above: bool = False  # his unit lies above the one that has the case
    is_same_customer: bool = False
    is_confirmed: bool = False  # a person has looked and stands by it
    is_lapsed: bool = False
    is_review_lapsed: bool = False
    medium: str = ""  # of MEDIA: how the complainant was told, or of contacts.MEDIA: how somebody spoke with her
    mandate: str = ""  # of speaking.MANDATES; "" where he speaks for himself
    has_account: bool = False
    suspicion: str = ""  # of speaking.SUSPICIONS
    letter: str = ""  # by which version of which text
    direction: str = ""  # of contacts.DIRECTIONS
    outcome: str = ""  # of contacts.OUTCOMES
    call_back_at: int | None = None
    file: Mapping[str, Any] = field(default_factory=dict)  # id, sha256, bytes and kind of what is attached
    mentions: frozenset[str] = frozenset()  # staff who are to look at it
    stands_for: Mapping[str, frozenset[str]] = field(default_factory=dict)  # who is away and has him as deputy → units
    to_away_until: str = ""  # of the person it is given to, a day
    to_deputy: str = ""

    def deputy_of(self, now: Standing) -> str:
        """For whom is it done? The one who has the case and is away; "" where he acts for himself."""
        return now.handler if now.handler in self.stands_for and now.handler != self.by else ""

    source: str = ""  # OLD_REGISTER: it happened elsewhere, and is written down after the fact
    ranks: frozenset[str] = frozenset()  # as which levels of the tree above the case he may know of risks
    must_know: str = ""  # the highest level that a risk waits for; "" where none does
    risks: frozenset[str] = frozenset()  # those that wait


def entry_of(now: Standing, act: Act, asks: tuple[str, ...], pack: Pack) -> Entry:
    """The line that is written of an act that may be done: what its verb asks for, nothing that names a customer."""
    told = {key: value for ask in asks if ask in _TOLD for key, value in _TOLD[ask](act).items()}
    asked = now.extension
    if act.verb == "approve_extension" and asked:
        extension = pack.extension(now.rule, asked.rule)
        approvers = extension.approvers if extension and extension.approvers else act.levels
        told["level"] = min(act.levels & approvers, default="")
    elif act.verb == "acknowledge":
        told |= {"level": act.must_know, "risks": sorted(act.risks)}
    elif act.verb == "extend" and asked:
        told |= {"rule": asked.rule, "level": asked.level}
    if deputy_of := act.deputy_of(now):
        told["deputy_of"] = deputy_of
    if act.source:
        told["source"] = act.source
    return Entry(act.at, act.verb, act.by, told)


def _how(act: Act) -> dict[str, str]:
    return {key: said for key, said in (("medium", act.medium), ("letter", act.letter)) if said}


_TOLD: dict[str, Any] = {
    "told": lambda act: {"told_at": act.told_at, **_how(act)},
    "refusal": lambda act: {"reason": act.reason},
    "reason": lambda act: {"reason": act.reason},
    "rule": lambda act: {"rule": act.rule},
    "to": lambda act: {"to": act.to},
    "unit": lambda act: {"unit": act.unit},
    "case": lambda act: {"case": act.case},
    "fen": lambda act: {"fen": act.fen},
    "grounds": lambda act: {"names_grounds": act.names_grounds},
    "remedies": lambda act: {"remedies": sorted(act.remedies)},
    "seriousness": lambda act: {"seriousness": act.seriousness},
    "confirmed": lambda act: {"is_confirmed": act.is_confirmed},
    "accused": lambda act: {"accused": sorted(act.accused)},
    "conflicts": lambda act: {"conflicts": sorted(act.conflicts)},
    "classes": lambda act: {"classes": dict(act.classes)},
    "contact": lambda act: told_of(act.medium, act.direction, act.outcome, act.call_back_at),
    "file": lambda act: {"file": dict(act.file)},
    "mentions": lambda act: {"mentions": sorted(act.mentions)} if act.mentions else {},
    "away": lambda act: {"although_away": True} if act.to_away_until else {},
    "mandate": lambda act: {"mandate": act.mandate} if act.mandate else {},
    "account": lambda act: {"has_account": act.has_account},
    "suspicion": lambda act: {"suspicion": act.suspicion},
}
