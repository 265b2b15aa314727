"""What do people say of voices, and do they say the same? Labelling by other means than the page, under its rules."""

from __future__ import annotations

from typing import Annotated

from django.http import Http404, HttpRequest
from django.utils.translation import gettext_noop
from ninja import Router, Schema
from pydantic import Field

from huixiang.apps.access import audit
from huixiang.apps.annotation import actions, agreeing, dealing, gathering, values, wording
from huixiang.apps.annotation.models import LONGEST_LABEL, Task
from huixiang.apps.annotation.permits import RIGHT
from huixiang.channels.contract import Fault
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.shapes import NO_NUL, Given, VoiceId, known, one_of

router = Router(tags=["labels"])
LABEL, SETTLE = Bearer(dealing.RIGHT), Bearer(RIGHT)
OneTask = Annotated[Task, one_of(Task)]
MOST_SETTLED = 50  # disagreements an answer
# "unsure", or one of the task's `choices`; of topics and risks several with commas between, or "-" for none; of
# opinions marks "kind:start-end" with commas between, in characters of `said`, the end not included, or "-" for none.
Value = Annotated[str, Field(min_length=1, max_length=LONGEST_LABEL, pattern=NO_NUL)]


class ChoiceOut(Schema):
    value: str
    name: str


class DealtVoiceOut(Schema):
    """`said`: title and text with a line break between, in which marks of opinions are counted."""

    id: str
    channel: str
    title: str
    text: str
    said: str


class DealtOut(Schema):
    """Up to twenty voices, the same until they are labelled. `dealt` goes back with the labels, within a day: nobody
    chooses what she labels. Why each was drawn, and what a colleague or the machine says of it, is not told.
    """

    task: OneTask
    dealt: str
    voices: list[DealtVoiceOut]
    choices: list[ChoiceOut]


class LabelIn(Given):
    voice_id: VoiceId
    value: Value


class LabelsIn(Given):
    """`dealt` as it came. A voice may be left out; one that changed since, or that she labelled, is passed over."""

    dealt: Annotated[str, Field(max_length=8_000, pattern=NO_NUL)]
    labels: Annotated[list[LabelIn], Field(min_length=1, max_length=dealing.AT_ONCE)]


class KeptOut(Schema):
    kept_count: int


class CodeAgreementOut(Schema):
    """`voices_count`: those in which at least one saw this topic."""

    code: str
    voices_count: int
    alpha: float | None


class AgreementOut(Schema):
    """Krippendorff's alpha over the voices that two or more labelled, within reach; null: too few to tell.

    `distance`: nominal, or masi (Passonneau 2006) where several codes may be chosen, or characters where words are
    marked; in the latter two `by_code` too, each code by itself (nominal), the least agreed on first. `strict_f1`: of
    opinions, mark by mark, one person's against the other's.
    """

    task: OneTask
    labelled_count: int
    twice_count: int
    disputed_count: int
    alpha: float | None
    low: float | None
    high: float | None
    distance: str
    by_code: list[CodeAgreementOut]
    strict_f1: float | None


class JudgementOut(Schema):
    """What one person said; "" where she does not know."""

    number: str
    value: str


class DisputeOut(Schema):
    voice_id: str
    version: int
    title: str
    text: str
    said: list[JudgementOut]


class SettleIn(Given):
    voice_id: VoiceId
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    value: Value


@router.get("/labels/{task}/next", auth=LABEL, response=DealtOut, summary=gettext_noop("接下来要标注的二十条声音"))
def deal_labels(request: HttpRequest, task: OneTask) -> DealtOut:
    """The most useful, some by lot, and some that a colleague labelled before, within reach."""
    staff = who(request)
    dealt = dealing.deal(task, staff)
    audit.record("voice.read", by=staff, on_kind="voice", source=source(request), place="label", count=len(dealt))
    return DealtOut(
        task=task,
        dealt=dealing.sealed(task, staff, dealt),
        voices=[
            DealtVoiceOut(
                id=each.voice.id,
                channel=each.voice.channel,
                title=each.voice.title,
                text=each.voice.text,
                said=wording.marked(each.voice),
            )
            for each in dealt
        ],
        choices=[ChoiceOut(value=code, name=name.strip()) for code, name in values.choices(task)],
    )


@router.post("/labels/{task}", auth=LABEL, response={201: KeptOut}, summary=gettext_noop("交回标注"))
def give_labels(request: HttpRequest, task: OneTask, given: LabelsIn) -> KeptOut:
    staff = who(request)
    dealt = dealing.opened(task, staff, given.dealt)
    if not dealt:
        raise Fault("这一页已经过期，请在新的一页上标注。")
    said = {each.voice_id: each.value for each in given.labels}
    return KeptOut(kept_count=actions.label(task, said, dealt, by=staff, source=source(request)))


@router.get("/labels/{task}/agreement", auth=LABEL, response=AgreementOut, summary=gettext_noop("标注的一致性"))
def read_agreement(request: HttpRequest, task: OneTask) -> AgreementOut:
    reach = who(request).scope(dealing.RIGHT)
    found, every = agreeing.agreement_of(task, reach), gathering.judged(task, reach)
    codes = agreeing.by_code(task, reach)
    return AgreementOut(
        task=task,
        labelled_count=len(every),
        twice_count=sum(len(one.by) > 1 for one in every),
        disputed_count=sum(one.is_disputed for one in every),
        alpha=known(found.value),
        low=known(found.low),
        high=known(found.high),
        distance=found.distance,
        by_code=[CodeAgreementOut(code=each.code, voices_count=each.named, alpha=known(each.value)) for each in codes],
        strict_f1=known(found.strict.value) if found.strict else None,
    )


@router.get(
    "/labels/{task}/disputes", auth=SETTLE, response=list[DisputeOut], summary=gettext_noop("待裁定的分歧，最多五十条")
)
def list_disputes(request: HttpRequest, task: OneTask) -> list[DisputeOut]:
    """What two others disagree about; needs the right voice.see as well."""
    staff = who(request)
    if "voice.see" not in staff.rights:
        raise Http404
    found = dealing.disputes(task, staff)[:MOST_SETTLED]
    audit.record("voice.read", by=staff, on_kind="voice", source=source(request), place="settle", count=len(found))
    return [
        DisputeOut(
            voice_id=one.voice_id,
            version=one.voice_version,
            title=voice.title,
            text=voice.text,
            said=[JudgementOut(number=number, value=value) for number, value in sorted(one.by.items())],
        )
        for one, voice in found
    ]


@router.post("/labels/{task}/settlements", auth=SETTLE, response={201: KeptOut}, summary=gettext_noop("裁定一处分歧"))
def settle_label(request: HttpRequest, task: OneTask, given: SettleIn) -> KeptOut:
    actions.settle(task, given.voice_id, given.version, given.value, by=who(request), source=source(request))
    return KeptOut(kept_count=1)
