"""What is done with a need? The same verbs as on the pages, each under the same right.

On the router of `needs`: two routers cannot share an address.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpRequest
from django.utils.translation import gettext_noop
from ninja import Path
from pydantic import Field

from huixiang.apps.needs import actions, evidence
from huixiang.apps.needs.models import KINDS, LONGEST_NAME, LONGEST_STATEMENT
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.need_kano import KanoIn
from huixiang.web.api.needs import DecisionKind, NeedKind, NeedOut, router, seen
from huixiang.web.api.shapes import NO_NUL, Given, Note, RowId, Sentiment, VoiceId, Word

MANAGE, DECIDE = Bearer("need.manage"), Bearer("need.decide")


class WordingIn(Given):
    """`statement` is how customers put it, in general words: never one customer's own, and no personal data."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=NO_NUL)]
    kind: NeedKind
    statement: Annotated[str, Field(max_length=LONGEST_STATEMENT, pattern=NO_NUL)] = ""

    def wording(self) -> actions.Wording:
        return actions.Wording(self.name, self.kind, self.statement)


class AspectIn(Given):
    aspect: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[^\x00\t]*$")]
    polarity: Sentiment


class GroupIn(Given):
    """At least one of these topics' codes, of these terms, or of these aspects with what is said of them."""

    topics: Annotated[list[Word], Field(max_length=40)] = []
    terms: Annotated[list[Word], Field(max_length=40)] = []
    aspects: Annotated[list[AspectIn], Field(max_length=40)] = []

    def group(self) -> evidence.Group:
        """Raises Fault where a word tells of a person."""
        said = [(each.aspect, each.polarity) for each in self.aspects]
        evidence.harmless([*self.terms, *(word for word, _feeling in said)])
        return evidence.group(self.topics, self.terms, said)


class ProposeIn(WordingIn):
    """Voices that hold one of each group are evidence. `unit` is a code, "" the whole bank."""

    every: Annotated[list[GroupIn], Field(min_length=1, max_length=5)]
    unit: Word = ""


class SplitIn(WordingIn):
    """The voices with one of `off` go to the new need."""

    off: GroupIn


class TurnIn(Given):
    """To reject or to reopen takes a note that says why."""

    verb: Literal["confirm", "reject", "reopen"]
    note: Note = ""


class OwnerIn(Given):
    """A staff number; "" for nobody."""

    number: Annotated[Word, Field(max_length=32)]


class MergeIn(Given):
    into: RowId
    note: Note = ""


class EvidenceIn(Given):
    """`counts` true puts the voice in, false leaves it out, null lets the rules decide."""

    voice_id: VoiceId
    counts: bool | None


class DecideIn(Given):
    """Where it is written down: a reference, an http(s) address, or both. Without a day, today."""

    kind: DecisionKind
    title: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]
    reference: Annotated[Word, Field(max_length=120)] = ""
    url: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = ""
    decided_on: Annotated[date, Field(ge=date(1990, 1, 1))] | None = None


class MeetIn(Given):
    note: Annotated[Note, Field(min_length=1)]


@router.post("/needs", auth=MANAGE, response={201: NeedOut | None}, summary=gettext_noop("提出一个需求"))
def propose_need(request: HttpRequest, given: ProposeIn) -> NeedOut | None:
    rules = [evidence.rule(*(each.group() for each in given.every), kinds=KINDS)]
    made = actions.propose(given.wording(), rules, given.unit, by=who(request), source=source(request))
    return _told(request, made.pk)


@router.post(
    "/needs/{need_id}/turns", auth=MANAGE, response=NeedOut | None, summary=gettext_noop("确认、否决或重新打开一个需求")
)
def turn_need(request: HttpRequest, need_id: Path[RowId], turn: TurnIn) -> NeedOut | None:
    verb = {"confirm": actions.confirm, "reject": actions.reject, "reopen": actions.reopen}[turn.verb]
    verb(need_id, turn.note, by=who(request), source=source(request))
    return _told(request, need_id)


@router.post("/needs/{need_id}/wording", auth=MANAGE, response=NeedOut | None, summary=gettext_noop("修改需求的说法"))
def rename_need(request: HttpRequest, need_id: Path[RowId], given: WordingIn) -> NeedOut | None:
    actions.rename(need_id, given.wording(), by=who(request), source=source(request))
    return _told(request, need_id)


@router.post("/needs/{need_id}/owner", auth=MANAGE, response=NeedOut | None, summary=gettext_noop("指派一个需求"))
def assign_need(request: HttpRequest, need_id: Path[RowId], owner: OwnerIn) -> NeedOut | None:
    actions.assign(need_id, owner.number, by=who(request), source=source(request))
    return _told(request, need_id)


@router.post("/needs/{need_id}/merge", auth=MANAGE, response=NeedOut | None, summary=gettext_noop("并入另一个需求"))
def merge_need(request: HttpRequest, need_id: Path[RowId], given: MergeIn) -> NeedOut | None:
    """The answer is the need that it went into."""
    target = actions.merge(need_id, given.into, given.note, by=who(request), source=source(request))
    return _told(request, target.pk)


@router.post(
    "/needs/{need_id}/split", auth=MANAGE, response={201: NeedOut | None}, summary=gettext_noop("从一个需求拆出另一个")
)
def split_need(request: HttpRequest, need_id: Path[RowId], given: SplitIn) -> NeedOut | None:
    """The answer is the new need."""
    part = actions.split(need_id, given.off.group(), given.wording(), by=who(request), source=source(request))
    return _told(request, part.pk)


@router.post(
    "/needs/{need_id}/evidence", auth=MANAGE, response=NeedOut | None, summary=gettext_noop("补充或排除一条证据")
)
def pin_evidence(request: HttpRequest, need_id: Path[RowId], given: EvidenceIn) -> NeedOut | None:
    """The voice must be within the reach of voice.see."""
    actions.pin(need_id, given.voice_id, given.counts, by=who(request), source=source(request))
    return _told(request, need_id)


@router.post(
    "/needs/{need_id}/decisions",
    auth=DECIDE,
    response={201: NeedOut | None},
    summary=gettext_noop("登记对需求的决定"),
)
def decide_need(request: HttpRequest, need_id: Path[RowId], given: DecideIn) -> NeedOut | None:
    ruling = actions.Ruling(given.kind.value, given.title, given.reference, given.url, given.decided_on)
    actions.decide(need_id, ruling, by=who(request), source=source(request))
    return _told(request, need_id)


@router.post("/needs/{need_id}/meet", auth=DECIDE, response=NeedOut | None, summary=gettext_noop("标一个需求为已满足"))
def meet_need(request: HttpRequest, need_id: Path[RowId], given: MeetIn) -> NeedOut | None:
    actions.meet(need_id, given.note, by=who(request), source=source(request))
    return _told(request, need_id)


@router.post(
    "/needs/{need_id}/kano", auth=MANAGE, response=NeedOut | None, summary=gettext_noop("为需求关联一对 Kano 问题")
)
def link_kano(request: HttpRequest, need_id: Path[RowId], given: KanoIn) -> NeedOut | None:
    """The results of the survey must be within the reach of survey.see."""
    actions.link_kano(need_id, given.pairing(), by=who(request), source=source(request))
    return _told(request, need_id)


@router.post(
    "/needs/{need_id}/kano/unlink", auth=MANAGE, response=NeedOut | None, summary=gettext_noop("取消 Kano 关联")
)
def unlink_kano(request: HttpRequest, need_id: Path[RowId]) -> NeedOut | None:
    actions.unlink_kano(need_id, by=who(request), source=source(request))
    return _told(request, need_id)


def _told(request: HttpRequest, pk: int) -> NeedOut | None:
    """As it stands now, told only to who may also see it."""
    return NeedOut.of(seen(request, pk)) if "need.see" in who(request).rights else None
