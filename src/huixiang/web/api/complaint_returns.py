"""What is reported to the regulator, and by what is it divided? The same figures as on the page and in its files."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_noop
from ninja import Query, Router, Schema
from pydantic import Field

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints import actions, returning, summarising, tallying
from huixiang.apps.complaints.actions.returning import RETURN
from huixiang.apps.complaints.forms.returns import ReportForm
from huixiang.apps.complaints.models import Case, Denominator, ReturnVersion
from huixiang.apps.complaints.models.cases import SEE as SEE_RIGHT
from huixiang.apps.complaints.models.returns import MOST_COUNTED
from huixiang.apps.complaints.returning import Question
from huixiang.apps.feedback.faults import told_fault
from huixiang.channels.contract import Fault
from huixiang.web.api.auth import Bearer, source, who
from huixiang.web.api.paging import page
from huixiang.web.api.shapes import Code, Day, Given, Limit, Page, Word

router = Router(tags=["complaints"])
SEE = Bearer(SEE_RIGHT)
BaseKind = Literal["customers", "personal_customers", "accounts", "cards", "branches"]


class ReportAsked(Schema):
    """A quarter (2026Q3) or a year (2026), and a unit with all below it; without them the last whole quarter, and
    the highest unit that the token reaches."""

    period: Annotated[str, Field(pattern=r"^(20\d\d(Q[1-4])?)?$")] = ""
    unit: Word = ""


class ReportOut(Schema):
    """`figures` are written as they are hashed; counts of cases out of reach are not in them."""

    figures: dict[str, Any]
    sha256: str
    compliance: str = "按公开文本设计，待贵行合规核验 / built from public copies, to be checked by the bank"


class ReturnVersionOut(Schema):
    """One version of a return; `figures` do not change once `state` is frozen."""

    id: int
    period: str
    unit: str
    version: int
    state: Literal["draft", "submitted", "frozen"]
    sha256: str
    reason: str
    drafted_by: str
    approved_by: str | None
    figures: dict[str, Any]

    @classmethod
    def of(cls, row: ReturnVersion) -> ReturnVersionOut:
        same = {name: getattr(row, name) for name in ("period", "version", "state", "reason", "figures")}
        approved_by = row.approved_by.number if row.approved_by else None
        return cls(id=row.pk, unit=row.unit.code, sha256=row.digest, drafted_by=row.drafted_by.number,
                   approved_by=approved_by, **same)  # fmt: skip


class DenominatorOut(Schema):
    """How many there were on a day, in a unit with all below it."""

    id: int
    kind: BaseKind
    unit: str
    on: Day
    value: int
    source: str

    @classmethod
    def of(cls, row: Denominator) -> DenominatorOut:
        same = {name: getattr(row, name) for name in ("kind", "on", "value", "source")}
        return cls(id=row.pk, unit=row.unit.code, **same)


class DenominatorGiven(Given):
    """As above; `source` says where the number is from."""

    kind: BaseKind
    unit: Code
    on: Day
    value: Annotated[int, Field(ge=1, lt=MOST_COUNTED)]
    source: Annotated[Word, Field(min_length=1)]


class DenominatorsGiven(Given):
    """All or none."""

    denominators: Annotated[list[DenominatorGiven], Field(min_length=1, max_length=1_000)]


class DenominatorsOut(Schema):
    """How many were written."""

    count: int


class DenominatorsRefused(Schema):
    """Why nothing was written."""

    detail: str


@router.get("/complaint-returns", auth=SEE, response=ReportOut, summary=gettext_noop("监管统计报表：现在的数字"))
def read_return(request: HttpRequest, asked: Query[ReportAsked]) -> ReportOut:
    figures = returning.reckoned(_question(request, asked), timezone.now())
    return ReportOut(figures=figures, sha256=returning.digest(figures))


@router.get("/complaint-summary", auth=SEE, response=ReportOut, summary=gettext_noop("投诉管理摘要：一个季度的数字"))
def read_summary(request: HttpRequest, asked: Query[ReportAsked]) -> ReportOut:
    figures = summarising.summarised(_question(request, asked), timezone.now())
    figures["fault"] = told_fault(figures["fault"]) if figures["fault"] else None
    return ReportOut(figures=figures, sha256=returning.digest(figures))


@router.get(
    "/complaint-return-versions",
    auth=SEE,
    response=Page[ReturnVersionOut],
    summary=gettext_noop("监管统计报表的版本，最新的在前"),
)
def list_return_versions(request: HttpRequest, after: Word = "", limit: Limit = 20) -> Page[ReturnVersionOut]:
    rows: Any = ReturnVersion.objects.visible_to(who(request)).select_related("unit", "drafted_by", "approved_by")
    found, following = page(rows, ("-pk",), after, limit)
    return Page[ReturnVersionOut](items=[ReturnVersionOut.of(row) for row in found], next=following)


@router.get(
    "/complaint-denominators",
    auth=SEE,
    response=Page[DenominatorOut],
    summary=gettext_noop("投诉报表的分母，最新的在前"),
)
def list_denominators(request: HttpRequest, after: Word = "", limit: Limit = 100) -> Page[DenominatorOut]:
    rows: Any = Denominator.objects.visible_to(who(request)).select_related("unit")
    found, following = page(rows, ("-pk",), after, limit)
    return Page[DenominatorOut](items=[DenominatorOut.of(row) for row in found], next=following)


@router.post(
    "/complaint-denominators",
    auth=Bearer(RETURN),
    response={201: DenominatorsOut, 409: DenominatorsRefused},
    summary=gettext_noop("写入投诉报表的分母（接口）"),
)
def write_denominators(
    request: HttpRequest, given: DenominatorsGiven
) -> tuple[int, DenominatorsOut | DenominatorsRefused]:
    """A unit out of reach looks as if it were not there."""
    units = {unit.code: unit for unit in Unit.objects.visible_to(who(request), RETURN)}
    if any(each.unit not in units for each in given.denominators):
        raise Http404
    rows = [(each.kind, units[each.unit], each.on, each.value, each.source) for each in given.denominators]
    try:
        count = actions.write_denominators(rows, by=who(request), source=source(request))
    except Fault as fault:
        return 409, DenominatorsRefused(detail=told_fault(fault))
    return 201, DenominatorsOut(count=count)


def _question(request: HttpRequest, asked: ReportAsked) -> Question:
    by, form = who(request), ReportForm(asked.dict(), by=who(request))
    if not form.is_valid() or form.cleaned_data["unit"] is None:
        raise Http404
    period, unit = form.cleaned_data["period"], form.cleaned_data["unit"]
    rows = tallying.below(Case.objects.visible_to(by), unit)
    return Question(rows, period, unit, not by.holds(SEE_RIGHT, None))
