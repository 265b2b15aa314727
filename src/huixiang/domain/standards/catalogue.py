"""What can be measured of service? Each measure with its definition, unit, direction and the page of its method."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from huixiang.domain.standards.saying import Said, marked
from huixiang.domain.standards.values import Governs


class Kind(StrEnum):
    """What sort of number is it?"""

    PERCENTILE = "percentile"
    SHARE = "share"
    MEAN = "mean"
    CHECKLIST = "checklist"
    CLOCK = "clock"  # the share of cases that keep a clock


class Unit(StrEnum):
    """In what is it told?"""

    SECONDS = "seconds"
    MINUTES = "minutes"
    WORKING_DAYS = "working_days"
    PERCENT = "percent"
    POINTS = "points"  # -100 to 100


AMOUNTS = {
    Unit.SECONDS: marked("%(number)s 秒"),
    Unit.MINUTES: marked("%(number)s 分钟"),
    Unit.WORKING_DAYS: marked("%(number)s 个工作日"),
    Unit.PERCENT: marked("%(number)s%%"),
    Unit.POINTS: marked("%(number)s 分"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """`parameters` are the names of the numbers a standard must give with it; `page` is in docs/methods."""

    code: str
    title: str
    english: str
    definition: str
    defined: str  # the definition in English
    governs: Governs
    unit: Unit
    kind: Kind
    lower_is_better: bool
    page: str
    parameters: tuple[str, ...] = ()


def _m(code: str, names: tuple[str, str], defined: tuple[str, str], unit: Unit, kind: Kind, *more: str) -> Measure:
    """`more`: the page, then the names of parameters. The direction follows from what is told of: times are bad."""
    governs = _GOVERNS[code.partition(".")[0]]
    page, *parameters = more
    lower = unit not in (Unit.PERCENT, Unit.POINTS) or code.endswith(("over", "abandonment"))
    return Measure(code, *names, *defined, governs, unit, kind, lower, page, tuple(parameters))


_GOVERNS = {"waiting": Governs.WAITING, "handling": Governs.HANDLING, "hotline": Governs.HOTLINE,
            "complaint": Governs.COMPLAINTS, "digital": Governs.DIGITAL, "loan": Governs.HANDLING,
            "inspection": Governs.LOOKS, "survey": Governs.VERDICT}  # fmt: skip
_P, _S, _C = Kind.PERCENTILE, Kind.SHARE, Kind.CLOCK
_LIST = (
    _m("waiting.p50", (marked("等候时长中位数"), "median waiting"),
       ("取号到叫号的分钟数，一半客户不超过它", "minutes from ticket to call that half do not exceed"),
       Unit.MINUTES, _P, "waiting.md"),
    _m("waiting.p90", (marked("等候时长九成位数"), "90th percentile of waiting"),
       ("取号到叫号的分钟数，九成客户不超过它", "minutes from ticket to call that nine in ten do not exceed"),
       Unit.MINUTES, _P, "waiting.md"),
    _m("waiting.p95", (marked("等候时长九五位数"), "95th percentile of waiting"),
       ("取号到叫号的分钟数，95%的客户不超过它", "minutes from ticket to call that 95 % do not exceed"),
       Unit.MINUTES, _P, "waiting.md"),
    _m("waiting.share_over", (marked("等候超时占比"), "share waiting longer"),
       ("等候超过所给分钟数的客户占比", "share of customers waiting longer than the given minutes"),
       Unit.PERCENT, _S, "waiting.md", "minutes"),
    _m("waiting.abandonment", (marked("排队放弃率"), "abandonment of the queue"),
       ("取号后未办即离开的占比", "share of tickets whose customer left unserved"),
       Unit.PERCENT, _S, "waiting.md"),
    _m("handling.p50", (marked("办理时长中位数"), "median handling time"),
       ("开始办理到办结的分钟数，一半业务不超过它", "minutes from start to end that half do not exceed"),
       Unit.MINUTES, _P, "waiting.md"),
    _m("handling.p90", (marked("办理时长九成位数"), "90th percentile of handling time"),
       ("开始办理到办结的分钟数，九成业务不超过它", "minutes from start to end that nine in ten do not exceed"),
       Unit.MINUTES, _P, "waiting.md"),
    _m("loan.decision_p90", (marked("贷款审批时长九成位数"), "90th percentile of loan decisions"),
       ("资料齐全到作出决定的工作日数，九成申请不超过它", "working days from complete papers to decision, nine in ten"),
       Unit.WORKING_DAYS, _P, "conformance.md"),
    _m("hotline.service_level", (marked("热线服务水平"), "service level of the hotline"),
       ("所给秒数内接听的进队占比，短放弃不计", "share of offered calls answered within the given seconds"),
       Unit.PERCENT, _S, "hotline.md", "seconds"),
    _m("hotline.abandonment", (marked("热线放弃率"), "abandonment of the hotline"),
       ("接听前挂断的进队占比，短放弃不计", "share of offered calls that hung up before an answer"),
       Unit.PERCENT, _S, "hotline.md"),
    _m("hotline.answer_rate", (marked("热线接通率"), "answer rate of the hotline"),
       ("被接听的进队占比，短放弃不计", "share of offered calls that were answered"),
       Unit.PERCENT, _S, "hotline.md"),
    _m("hotline.wait_p90", (marked("热线等待九成位数"), "90th percentile of waiting on the hotline"),
       ("被接听者等待的秒数，九成不超过它", "seconds the answered waited, nine in ten"),
       Unit.SECONDS, _P, "hotline.md"),
    _m("complaint.first_contact", (marked("首次联系及时率"), "first contact in time"),
       ("在本行目标内联系到投诉人的占比", "share of complainants contacted within the bank's own target"),
       Unit.PERCENT, _C, "conformance.md"),
    _m("complaint.reply", (marked("投诉答复及时率"), "replies in time"),
       ("在本行目标内作出决定并告知的占比", "share decided and told within the bank's own target"),
       Unit.PERCENT, _C, "conformance.md"),
    _m("digital.availability", (marked("渠道可用率"), "availability of digital channels"),
       ("可用分钟占应开放分钟的比例", "minutes available as a share of minutes promised"),
       Unit.PERCENT, _S, "conformance.md"),
    _m("digital.page_p95", (marked("页面打开九五位数"), "95th percentile of page loads"),
       ("打开页面的秒数，95%不超过它", "seconds to load a page that 95 % do not exceed"),
       Unit.SECONDS, _P, "conformance.md"),
    _m("inspection.score", (marked("检查得分率"), "score of inspections"),
       ("检查得分占应得分的比例", "points given as a share of points to be had"),
       Unit.PERCENT, Kind.CHECKLIST, "conformance.md"),
    _m("survey.csat", (marked("满意率"), "share satisfied"),
       ("问卷里满意度题选最好两档的占比，按抽样加权", "weighted share of answers in the two best points of CSAT"),
       Unit.PERCENT, _S, "conformance.md"),
    _m("survey.easy", (marked("省力率"), "share who found it easy"),
       ("问卷里费力度题（CES）认为容易的占比，按抽样加权", "weighted share of CES answers that found it easy"),
       Unit.PERCENT, _S, "conformance.md"),
    _m("survey.nps", (marked("净推荐值"), "net promoter score"),
       ("推荐者占比减去贬损者占比，−100 至 100，按抽样加权", "promoters less detractors, -100 to 100, weighted"),
       Unit.POINTS, Kind.MEAN, "conformance.md"),
)  # fmt: skip
MEASURES = {each.code: each for each in _LIST}


def amount(number: float, unit: Unit) -> Said:
    """20 分钟: a number with its unit, as a sentence of its own."""
    return Said(AMOUNTS[unit], {"number": plain(number)})


def plain(number: float) -> str:
    """20 for 20.0, else as short as it is exact.

    >>> plain(20.0), plain(99.95)
    ('20', '99.95')
    """
    return str(int(number)) if number == int(number) else repr(number)
