"""How does the record of a talk come in? Uploaded and sealed; then a person says who speaks, and masked words stay.

The same file again adds nothing, nor does the same talk in another form: an utterance is known by who says it, what,
and for the how-manieth time.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from huixiang.apps.access import audit
from huixiang.apps.access.models import Staff
from huixiang.apps.access.sealing import Unsealable, key_for, seal, unseal
from huixiang.apps.feedback import terms
from huixiang.apps.feedback.faults import kept, masked
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.models import Tombstone
from huixiang.apps.focus import expiring, naming, reaching, voices
from huixiang.apps.focus.actions.people import MOST_PEOPLE, add_participant, people_of
from huixiang.apps.focus.actions.planning import MODERATE
from huixiang.apps.focus.models import Participant, Session, Transcript, Utterance
from huixiang.channels import discussion
from huixiang.channels.contract import Fault, quoted
from huixiang.channels.discussion import LONGEST_TURN, Said
from huixiang.domain.feedback import digest

MODERATOR, NEW, JOIN, LEAVE_OUT = "moderator", "new", "join", "leave_out"
_MODERATORS = {"主持人", "主持", "moderator", "host", "m", "访谈员", "研究员"}
_ASIDE = {"记录人", "记录员", "记录", "备注", "观察员", "note"}
MOST_LABELS = 60


@dataclass(slots=True)
class _Kept:
    """What becomes of the turns of one record."""

    rows: list[Utterance] = field(default_factory=list)
    known: int = 0
    left_out: int = 0


def upload(session_pk: int, name: str, content: bytes, *, by: Staff | str, source: str = "") -> Transcript:
    """Read and sealed, until `bring_in` says who speaks. Raises Fault where the file cannot be read at all."""
    name = masked_value("", "".join(sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()))
    name = name[-200:] or "transcript"
    try:
        read = discussion.read(content, name)
    except Fault as fault:
        raise masked(fault) from None
    if len(read.labels) > MOST_LABELS:
        raise Fault(
            "“%(name)s”里有 %(count)s 个说话人；请核对是否每行都写成了“某某：……”", name=name, count=len(read.labels)
        )
    with transaction.atomic():
        session = reaching.session(session_pk, MODERATE, by, locked=True)
        _refuse_finished(session)
        made = Transcript.objects.create(
            session=session,
            file_name=name,
            sealed=seal({"said": [asdict(each) for each in read.said]}),
            read=len(read.said),
            faults=[{"message": fault.message, "params": _unnamed(kept(fault))} for fault in read.faults],
            by=None if isinstance(by, str) else by,
        )
        if not session.subject and read.subject:
            Session.objects.filter(pk=session.pk).update(subject=reaching.clean(read.subject, 80))
        audit.record("focus.upload", by=by, on_kind="transcript", on_id=made.pk, source=source, turns=made.read)
    return made


def _unnamed(params: dict[str, object]) -> dict[str, object]:
    return {name: naming.quotable(str(value)) if name == "found" else value for name, value in params.items()}


def turns(transcript: Transcript) -> list[Said]:
    """What it says, for who says who speaks. Raises Fault where it is in already, or cannot be opened."""
    if transcript.sealed is None:
        raise Fault("这份记录已经导入，或已过期；请重新上传")
    try:
        return [Said(**each) for each in unseal(transcript.sealed)["said"]]
    except Unsealable as fault:
        raise Fault("这份记录打不开（密钥已换）；请重新上传") from fault


def suggested(session: Session, labels: Mapping[str, int]) -> dict[str, str]:
    """Who may be who: the moderator by her word, others by pseudonym or by how the last record called them."""
    known, found = people_of(session), {}
    for label in labels:
        if label.casefold() in _MODERATORS:
            found[label] = MODERATOR
        elif person := known.get(label) or known.get(naming.kept_as(session.pk, label)):
            found[label] = person.label
        else:
            found[label] = LEAVE_OUT if label.casefold() in _ASIDE else NEW
    return found


def bring_in(transcript_pk: UUID | str, who: Mapping[str, str], *, by: Staff | str, source: str = "") -> Transcript:
    """Keep the masked words. `who` says of each label: a pseudonym, or one of the four words above.

    Words of a participant without recorded consent stay out, and are counted. Raises Fault for a label without answer.
    """
    with transaction.atomic():
        made = Transcript.objects.filter(pk=transcript_pk).first()
        if made is None:
            raise ObjectDoesNotExist
        session = reaching.session(made.session_id, MODERATE, by, locked=True)
        _refuse_finished(session)
        made = Transcript.objects.select_related("session__unit").get(pk=made.pk)
        speakers = _speakers(session, turns(made), who, by, source)
        found = _kept(session, _joined(turns(made), who), speakers)
        Utterance.objects.bulk_create(found.rows, batch_size=500)
        made.sealed, made.finished_at = None, timezone.now()
        made.added, made.known, made.left_out = len(found.rows), found.known, found.left_out
        made.save()
        if session.state == Session.State.PLANNED and found.rows:
            Session.objects.filter(pk=session.pk).update(state=Session.State.HELD)
        counts: dict[str, Any] = {"added": made.added, "known": made.known, "left_out": made.left_out}
        audit.record("focus.import", by=by, on_kind="transcript", on_id=made.pk, source=source, **counts)
    return made


def _refuse_finished(session: Session) -> None:
    if session.state == Session.State.DONE:
        raise Fault("这场座谈已完成编码；要补记录，请先重新打开")


def _speakers(
    session: Session, said: Sequence[Said], who: Mapping[str, str], by: Staff | str, source: str
) -> dict[str, Participant | None]:
    """Label → participant, None for the moderator; labels that are left out do not stand here."""
    people, found = {each.label: each for each in session.participants.all()}, dict[str, Participant | None]()
    for label in dict.fromkeys(each.label for each in said):
        target = who.get(label, "")
        if target == NEW:
            if len(people) >= MOST_PEOPLE:
                raise Fault("一场座谈最多 %(most)s 位参加者", most=MOST_PEOPLE)
            found[label] = add_participant(session.pk, spoken_as=label, by=by, source=source)
        elif target == MODERATOR:
            found[label] = None
        elif target in people:
            found[label] = people[target]
            if people[target].is_present and not people[target].spoken_as:
                Participant.objects.filter(pk=people[target].pk).update(spoken_as=naming.kept_as(session.pk, label))
        elif target not in (JOIN, LEAVE_OUT):
            raise Fault(
                "没有说明“%(found)s”是谁；请选参加者代号（如 P1）、moderator、new、join 或 leave_out",
                found=quoted(masked_value("", label)),
            )
    return found


def _joined(said: Sequence[Said], who: Mapping[str, str]) -> list[Said]:
    """What only looked like a speaker (“我觉得：”) goes on with the turn before. Raises Fault if too long."""
    found: list[Said] = []
    for each in said:
        if who.get(each.label) == JOIN and found:
            found[-1] = replace(found[-1], text=f"{found[-1].text}\n{each.label}：{each.text}")
            if len(found[-1].text) > LONGEST_TURN:
                raise Fault("并入之后一句话超过 %(most)s 字；请为这些话选一位说话人，或不收", most=LONGEST_TURN)
        else:
            found.append(each)
    return found


def _kept(session: Session, said: Sequence[Said], speakers: Mapping[str, Participant | None]) -> _Kept:
    found, seen = _Kept(), Counter[tuple[str, str]]()
    there = set(session.utterances.values_list("once", flat=True))
    is_over = f"{session.held_on:%Y-%m}" < terms.kept_from(expiring.CODE, timezone.localdate())
    number = session.utterances.aggregate(Max("number"))["number__max"] or 0
    for each in said:
        person = speakers.get(each.label)
        if each.label not in speakers or (person and not (person.is_present and person.consent)):
            found.left_out += 1
            continue
        if is_over and not (person and person.consent == Participant.Consent.VOICE):
            found.left_out += 1  # what is no voice went with its time, and does not come back with its record
            continue
        name = person.label if person else MODERATOR
        text = masked_value("", " ".join(reaching.sound(each.text).split()))
        seen[name, text] += 1
        once = digest(str(session.pk), name, text, str(seen[name, text]), key=key_for("focus once v1"))
        if once in there:
            found.known += 1
            continue
        number += 1
        row = Utterance(session=session, participant=person, number=number, text=text, start=each.start, once=once)
        row.voice_id = voices.id_of(row)
        found.rows.append(row)
    erased = Tombstone.objects.among({row.voice_id for row in found.rows})
    found.left_out += sum(row.voice_id in erased for row in found.rows)
    found.rows = [row for row in found.rows if row.voice_id not in erased]
    return found
