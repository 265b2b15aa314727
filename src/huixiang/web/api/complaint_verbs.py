"""What is done with a complaint by other systems? Registered, joined by voices, and every verb of the one table.

On the router of `complaints`. A refusal is a problem with the guard's sentence and its code; nothing is changed then.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import File, Form, Path, Schema
from ninja.errors import ValidationError
from ninja.files import UploadedFile
from pydantic import Field, WithJsonSchema
from pydantic import ValidationError as PydanticError

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.access.sentences import told_fault
from huixiang.apps.complaints import actions
from huixiang.apps.complaints.forms.verbs import LONGEST_WORDS
from huixiang.apps.complaints.handlers import able
from huixiang.apps.complaints.models import Case, Party
from huixiang.apps.complaints.models.cases import LONGEST_TEXT, LONGEST_TITLE
from huixiang.apps.complaints.models.cases import SEE as SEE_RIGHT
from huixiang.apps.complaints.standings import history
from huixiang.apps.feedback import facts
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.lifecycle import ASSIGN, HANDLE, REGISTER, VERBS
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions import Voice
from huixiang.web.api.auth import Bearer, shown, source, who
from huixiang.web.api.complaint_shapes import (
    CaseOut,
    Complainant,
    Moment,
    Number,
    ReceiptOut,
    Role,
    Seriousness,
    VerbCode,
    WarningOut,
    Way,
)
from huixiang.web.api.complaints import router, seen
from huixiang.web.api.problems import Invalid
from huixiang.web.api.shapes import NO_NUL, Code, Given, VoiceId, Word

# Which parts of the body belong to what a verb asks for?
PARTS = {
    "words": ("words",),
    "told": ("told_at", "medium", "letter"),
    "refusal": ("reason",),
    "reason": ("reason",),
    "rule": ("rule",),
    "to": ("to",),
    "unit": ("unit",),
    "case": ("other",),
    "confirmed": ("is_confirmed",),
    "fen": ("fen",),
    "grounds": ("names_grounds",),
    "remedies": ("remedies",),
    "seriousness": ("seriousness",),
    "accused": ("accused",),
    "conflicts": ("conflicts",),
    "classes": ("classes",),
    "contact": ("medium", "direction", "outcome", "call_back_at"),
    "file": ("file",),
    "mentions": ("words",),
    "away": ("is_confirmed",),
    "mandate": ("mandate",),
    "account": ("account",),
    "suspicion": ("suspicion",),
}
ALWAYS = {"at"}
Numbers = Annotated[list[Code], Field(max_length=40)]
Short = Annotated[str, Field(max_length=60, pattern=NO_NUL)]
MANDATED = {Case.Kind.LEGAL, Case.Kind.AGENT, Case.Kind.HEIR}


class ClassesIn(Given):
    """Codes of JR/T 0169: A, B and C; of the bank's lists; and what was paid, in fen."""

    channel: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    business: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    cause: Annotated[str, Field(max_length=20, pattern=NO_NUL)] = ""
    product: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    root_cause: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    responsibility: Literal["", "full", "part", "none", "misunderstanding"] = ""
    paid_fen: Annotated[int, Field(ge=0, le=10**13)] | None = None

    def codes(self) -> dict[str, str]:
        """What was said, as the table has it."""
        return {name: str(said) for name, said in self.dict().items() if said not in {"", None}}


class DoIn(Given):
    """What is said with a verb; a part it does not ask for is refused. `at` is when it happened, null now.

    `fen` is the compensation in fen; `to` and `accused` are staff numbers, `unit` and `conflicts` codes of units,
    `other` the number of the other case. `direction` and `outcome` are of a contact, `medium` also of what was told;
    `letter` is the version of the text that the words were drafted by; `file` is one to withdraw; `is_confirmed` also
    says: assigned although she is away. `words` are kept sealed
    and may name people; nothing else may.
    """

    words: Annotated[str, Field(max_length=LONGEST_WORDS, pattern=NO_NUL)] = ""
    told_at: Moment | None = None
    at: Moment | None = None
    reason: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    rule: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    to: Code | None = None
    unit: Code | None = None
    other: Number | None = None
    fen: Annotated[int, Field(ge=0, le=10**13)] = 0
    names_grounds: bool = False
    remedies: list[Literal["review", "mediation", "arbitration", "litigation"]] = []
    seriousness: Seriousness | None = None
    accused: Numbers = []
    conflicts: Numbers = []
    classes: ClassesIn | None = None
    is_confirmed: bool = False
    medium: Literal["", "phone", "mail", "sms", "letter", "face", "other"] = ""
    letter: Annotated[str, Field(max_length=24, pattern=r"^[A-Za-z0-9-]*$")] = ""
    direction: Literal["", "out", "in"] = ""
    outcome: Literal["", "reached", "call_back", "refused", "sent", "no_answer", "wrong_number"] = ""
    call_back_at: Moment | None = None
    file: UUID | None = None
    mandate: Literal["", "held", "invalid"] = ""
    account: Annotated[str, Field(max_length=64, pattern=NO_NUL)] = ""
    suspicion: Literal["", "suspected", "cleared"] = ""

    def doing(self, verb: str, case: Case) -> actions.Doing:
        """As the action takes it. Raises Invalid for a part the verb does not ask for, or a number nobody has."""
        wanted = {part for ask in VERBS[verb].asks for part in PARTS[ask]} | ALWAYS
        for name in sorted(self.model_fields_set - wanted):
            raise Invalid("body", name, _("这个事项不问这一项"))
        same = ("words", "told_at", "at", "reason", "rule", "fen", "names_grounds", "is_confirmed", "mandate",
                "account", "suspicion", "medium", "letter", "direction", "outcome", "call_back_at")  # fmt: skip
        into = history(case).standing().into if verb == "split" else ""
        return actions.Doing(
            **{name: getattr(self, name) for name in same},
            to=_one(able(case), "number", "to", self.to),
            unit=_one(Unit.objects.filter(closed_on=None), "code", "unit", self.unit),
            other=self.other or into,
            remedies=frozenset(self.remedies),
            seriousness=self.seriousness or "",
            accused=_people(self.accused),
            conflicts=tuple(_all(Unit.objects.filter(closed_on=None), "code", "conflicts", self.conflicts)),
            file={"id": str(self.file)} if self.file else {},
            classes=self.classes.codes() if self.classes else {},
        )


class PersonIn(Given):
    """Sealed before it is stored. Of a customer the bank knows, her number is enough."""

    role: Role = Party.Role.COMPLAINANT
    name: Short = ""
    phone: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    mail: Word = ""
    id_number: Annotated[str, Field(max_length=40, pattern=NO_NUL)] = ""
    address: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    customer_number: Annotated[str, Field(max_length=64, pattern=NO_NUL)] = ""

    def person(self) -> actions.Person:
        said = self.dict()
        return actions.Person(said.pop("role"), actions.Identity(**said))


class RegisterIn(Given):
    """A complaint as it came in; `received_at` null is now. `voice_id` is the voice it is made of, within reach.

    Of who speaks for another `has_mandate` tells: was the power of attorney, or the proof of the relation, received?
    Without it the case is not accepted before `check_mandate`.
    """

    way: Way
    unit: Code
    title: Annotated[str, Field(min_length=1, max_length=LONGEST_TITLE, pattern=NO_NUL)]
    text: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT, pattern=NO_NUL)]
    demand: Annotated[str, Field(max_length=1000, pattern=NO_NUL)] = ""
    received_at: Moment | None = None
    complainant: Complainant = Case.Kind.SELF
    heads: Annotated[int, Field(ge=1, le=100_000)] = 1
    people: Annotated[list[PersonIn], Field(max_length=20)] = []
    has_mandate: bool = False
    accused: Numbers = []
    voice_id: VoiceId | None = None

    def receipt(self, voice: Voice | None) -> actions.Receipt:
        speaks = any(person.role != Party.Role.COMPLAINANT for person in self.people)
        if self.complainant in MANDATED and not speaks:
            raise Invalid("body", "people", _("请写明代理人；没有收到授权委托书原件的，has_mandate 写 false。"))
        if self.complainant == Case.Kind.ANONYMOUS and self.people:
            raise Invalid("body", "people", _("匿名投诉不写投诉人。"))
        same = ("way", "title", "text", "demand", "received_at", "complainant", "heads", "has_mandate")
        unit = _one(Unit.objects.filter(closed_on=None), "code", "unit", self.unit)
        assert unit is not None
        return actions.Receipt(
            **{name: getattr(self, name) for name in same},
            unit=unit,
            people=tuple(person.person() for person in self.people),
            accused=_people(self.accused),
            **(_of_voice(voice) if voice else {}),
        )


class RegisterEnclosingIn(Given):
    """`complaint` is the JSON of a registration, as for `POST /complaints`; the files stand beside it in the form."""

    complaint: Annotated[
        str, Field(max_length=100_000), WithJsonSchema({"type": "string", "contentMediaType": "application/json"})
    ]

    def read(self) -> RegisterIn:
        try:
            return RegisterIn.model_validate_json(self.complaint)
        except PydanticError as wrong:
            found = [{**each, "loc": ("form", "complaint", *each["loc"])} for each in wrong.errors(include_url=False)]
            raise ValidationError([dict(each) for each in found]) from None


class VoiceIn(Given):
    voice_id: VoiceId


class AssignIn(Given):
    """Each case is assigned by itself: one that is refused leaves the others as they are. `is_confirmed`: also where
    she is away.
    """

    numbers: Annotated[list[Number], Field(min_length=1, max_length=200)]
    to: Code
    words: Annotated[str, Field(max_length=LONGEST_WORDS, pattern=NO_NUL)] = ""
    is_confirmed: bool = False


class AssignedOut(Schema):
    """`refused` says why this case was not assigned; null: it was."""

    number: str
    refused: WarningOut | None


@router.post(
    "/complaints", auth=Bearer(REGISTER), response={201: ReceiptOut}, summary=gettext_noop("登记一件投诉，得到回执")
)
def register_complaint(request: HttpRequest, given: RegisterIn) -> ReceiptOut:
    voice = voice_of(request, given.voice_id) if given.voice_id else None
    case = actions.register(given.receipt(voice), by=who(request), source=source(request))
    return ReceiptOut.of(case)


@router.post(
    "/complaint-registrations",
    auth=Bearer(REGISTER),
    response={201: ReceiptOut},
    summary=gettext_noop("登记一件投诉连同附件，得到回执"),
)
def register_complaint_with_files(
    request: HttpRequest, said: Form[RegisterEnclosingIn], files: File[list[UploadedFile]]
) -> ReceiptOut:
    """In one step: where one file may not be kept, nothing is registered."""
    given = said.read()
    voice = voice_of(request, given.voice_id) if given.voice_id else None
    case = actions.register_enclosing(given.receipt(voice), files, by=who(request), source=source(request))
    return ReceiptOut.of(case)


@router.post(
    "/complaint-assignments", auth=Bearer(ASSIGN), response=list[AssignedOut], summary=gettext_noop("批量分派投诉")
)
def assign_complaints(request: HttpRequest, given: AssignIn) -> list[AssignedOut]:
    return [AssignedOut(number=each, refused=_assigned(request, each, given)) for each in dict.fromkeys(given.numbers)]


def _assigned(request: HttpRequest, number: str, given: AssignIn) -> WarningOut | None:
    try:
        case = _in_sight(request, number, ASSIGN)
        to = _one(able(case), "number", "to", given.to)
        doing = actions.Doing(words=given.words, to=to, is_confirmed=given.is_confirmed)
        actions.do(case.pk, "assign", doing, by=who(request), source=source(request))
    except (Http404, ObjectDoesNotExist, PermissionDenied):
        return WarningOut(code="missing", detail=_("不存在，或无权访问"))
    except Invalid as error:
        return WarningOut(code="nobody", detail=str(error))
    except Fault as fault:
        return WarningOut(code=getattr(fault, "code", "refused"), detail=told_fault(fault))
    return None


@router.post(
    "/complaints/{case_number}/voices",
    auth=Bearer(HANDLE),
    response=CaseOut | None,
    summary=gettext_noop("声音并入投诉"),
)
def joinvoice_of(request: HttpRequest, case_number: Path[Number], given: VoiceIn) -> CaseOut | None:
    """The voice must be within reach of voice.see."""
    voice = voice_of(request, given.voice_id)
    actions.join_voice(case_number, voice.id, by=who(request), source=source(request), risks=voice.risks)
    return _told(request, case_number)


@router.post(
    "/complaints/{case_number}/{verb}",
    auth=Bearer(SEE_RIGHT),
    response=CaseOut | None,
    summary=gettext_noop("对一件投诉做一个事项"),
)
def do_complaint(request: HttpRequest, case_number: Path[Number], verb: Path[VerbCode], given: DoIn) -> CaseOut | None:
    """Needs complaint.see and the verb's own right. The answer is the case as it stands now, null where it went out of
    reach by it.
    """
    case = _in_sight(request, case_number, VERBS[verb].right)
    actions.do_or_send(case.pk, verb, given.doing(verb, case), by=who(request), source=source(request))
    return _told(request, case_number)


def _told(request: HttpRequest, number: str) -> CaseOut | None:
    by = who(request)
    still = Case.objects.visible_to(by).filter(number=number).exists()
    return shown(request, SEE_RIGHT, CaseOut.whole(seen(request, number), by)) if still else None


def _in_sight(request: HttpRequest, number: str, right: str) -> Case:
    """A case that this right reaches."""
    found = Case.objects.visible_to(who(request), right).select_related("unit", "pack").filter(number=number).first()
    if found is None or right not in who(request).rights:
        raise Http404
    return found


def voice_of(request: HttpRequest, voice_id: str) -> Voice:
    found, codes = questions.voice(facts.lake(), voice_id), who(request).scope("voice.see")
    if found is None or "voice.see" not in who(request).rights or (codes is not None and found.branch not in codes):
        raise Http404
    return found


def _of_voice(voice: Voice) -> dict[str, Any]:
    """Who answers a survey or talks in a group was promised to stay apart from what was said."""
    customer = questions.speaker(facts.lake(), voice.id) if Channel(voice.channel).is_answered else ""
    return {"voices": (voice.id,), "risks": voice.risks, "customer": customer}


def _people(numbers: list[str]) -> tuple[Staff, ...]:
    return tuple(_all(Staff.objects.filter(is_active=True), "number", "accused", numbers))


def _one(rows: Any, key: str, name: str, wanted: str | None) -> Any:
    return next(iter(_all(rows, key, name, [wanted])), None) if wanted else None


def _all(rows: Any, key: str, name: str, wanted: list[str]) -> list[Any]:
    found = {getattr(row, key): row for row in rows.filter(**{f"{key}__in": wanted})}
    for each in wanted:
        if each not in found:
            raise Invalid("body", name, _("没有“%(number)s”：请核对。") % {"number": each})
    return [found[each] for each in dict.fromkeys(wanted)]
