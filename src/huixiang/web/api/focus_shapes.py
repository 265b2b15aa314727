"""In which form do studies, talks, participants, codings and themes go over the API? Masked, by pseudonym."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import Field

from huixiang.apps.access.models import Staff
from huixiang.apps.access.sentences import told
from huixiang.apps.focus import coded, themes
from huixiang.apps.focus.models import Participant, Session, Study, Theme, Transcript
from huixiang.apps.focus.views.studies import still_blind
from huixiang.domain.coding import Agreed
from huixiang.web.api.shapes import NO_NUL, Day, Given, Interval, RowId, Word, one_of
from huixiang.web.api.shapes import Code as RowCode

Text = Annotated[str, Field(max_length=20_000, pattern=NO_NUL)]
Consent = Annotated[str, one_of(Participant.Consent)]
State = Annotated[str, one_of(Session.State)]


class FocusStudyIn(Given):
    """`guide` is an outline: “# section minutes”, “- question”, “* probe”. `mix`: tier → how many are wanted."""

    name: Annotated[str, Field(min_length=1, max_length=80, pattern=NO_NUL)]
    unit: RowCode
    purpose: Annotated[str, Field(max_length=1000, pattern=NO_NUL)] = ""
    guide: Text = ""
    mix: dict[Word, Annotated[int, Field(ge=0, le=200)]] = {}
    contact_days: Annotated[int, Field(ge=1, le=730)] = 90


class FocusStudyOut(Schema):
    id: int
    name: str
    unit: str
    purpose: str
    guide: str
    mix: dict[str, int]
    contact_days: int
    created_at: datetime

    @classmethod
    def of(cls, made: Study) -> FocusStudyOut:
        same = ("id", "name", "purpose", "guide", "mix", "contact_days", "created_at")
        return cls(**{name: getattr(made, name) for name in same}, unit=made.unit.code)


class FocusSessionIn(Given):
    held_on: Day
    unit: RowCode
    place: Annotated[str, Field(max_length=80, pattern=NO_NUL)] = ""
    subject: Annotated[str, Field(max_length=80, pattern=NO_NUL)] = ""
    moderator: Annotated[Word, Field(max_length=32)] = ""


class FocusSessionOut(Schema):
    """`said`: participants' utterances; `open`, `disputed` are null for who still codes one of them."""

    id: int
    study: int
    state: State
    held_on: date
    unit: str
    place: str
    subject: str
    moderator: str | None
    coders: list[str]
    said: int
    open: int | None
    disputed: int | None

    @classmethod
    def of(cls, made: Session, by: Staff) -> FocusSessionOut:
        counts, is_blind = coded.progress(made), still_blind([made], by)
        return cls(
            id=made.pk,
            study=made.study_id,
            state=made.state,
            held_on=made.held_on,
            unit=made.unit.code,
            place=made.place,
            subject=made.subject,
            moderator=made.moderator.number if made.moderator else None,
            coders=[each.number for each in made.coders.order_by("number")],
            said=counts.all,
            open=None if is_blind else counts.open,
            disputed=None if is_blind else counts.disputed,
        )


class FocusSeatIn(Given):
    """`spoken_as` is what the record calls her (“参与者A”), never a name."""

    tier: Annotated[Word, Field(max_length=10)] = ""
    spoken_as: Annotated[str, Field(max_length=24, pattern=NO_NUL)] = ""
    consent: Consent = ""
    consented_on: Day | None = None


class FocusSeatOut(Schema):
    """`withdrawn_at`: her words are gone, `removed` of them."""

    id: int
    label: str
    tier: str
    consent: Consent
    consented_on: date | None
    withdrawn_at: datetime | None
    removed: int


class FocusRecordOut(Schema):
    """`read` turns: `added`, `known` before, or `left_out`; `faults` tells lines that could not be read."""

    id: UUID
    file_name: str
    read: int
    added: int
    known: int
    left_out: int
    faults: list[str]

    @classmethod
    def of(cls, made: Transcript) -> FocusRecordOut:
        same = ("id", "file_name", "read", "added", "known", "left_out")
        faults = [told(each["message"], each["params"]) for each in made.faults]
        return cls(**{name: getattr(made, name) for name in same}, faults=faults)


class UtteranceOut(Schema):
    """`speaker` is a pseudonym, or null: the moderator. `codes`: your own answer, null where you gave none."""

    id: int
    number: int
    speaker: str | None
    text: str
    codes: list[int] | None


class UtteranceCodesIn(Given):
    """No code: nothing of it. null: not said yet, after all."""

    codes: Annotated[list[RowId], Field(max_length=8)] | None


class FocusCodeOut(Schema):
    """`topic` is the code of the bank's tree, "" for a word of the study's own."""

    id: int
    name: str
    topic: str
    definition: str


class FocusAgreedOut(Schema):
    """Krippendorff's alpha; null with `why`: `few` utterances, or all the `same`.

    `interval` is over the `talks`; null where they are fewer than three: no interval rather than a false one.
    """

    of: int
    talks: int
    alpha: float | None
    interval: Interval | None
    why: str | None
    named: int

    @classmethod
    def told(cls, found: Agreed) -> FocusAgreedOut:
        why = found.why.value if found.why else None
        interval = Interval.of(found.interval)
        return cls(of=found.of, talks=found.talks, alpha=found.value, interval=interval, why=why, named=found.named)


class FocusAgreementOut(Schema):
    overall: FocusAgreedOut
    by_code: dict[str, FocusAgreedOut]


class FocusQuoteOut(Schema):
    speaker: str
    text: str


class FocusThemeOut(Schema):
    """`people` of `of_people`, in `talks` of `of_talks`; `open` utterances cannot count yet."""

    id: int
    name: str
    definition: str
    codes: list[int]
    need: int | None
    utterances: int
    people: int
    of_people: int
    talks: int
    of_talks: int
    open: int
    quotes: list[FocusQuoteOut]

    @classmethod
    def of(cls, made: Theme) -> FocusThemeOut:
        found = themes.told(made)
        counts = {name: getattr(found, name) for name in ("utterances", "people", "of_people", "talks", "of_talks")}
        return cls(
            id=made.pk,
            name=made.name,
            definition=made.definition,
            codes=[code.pk for code in made.codes.all()],
            need=made.need_id,
            open=found.open,
            quotes=[FocusQuoteOut(speaker=speaker, text=said.text) for said, speaker in found.quotes],
            **counts,
        )
