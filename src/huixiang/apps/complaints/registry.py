"""How does the register of complaints (投诉登记簿) leave for a spreadsheet? The fields that a bank's register names."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.complaints import registry_law
from huixiang.apps.complaints.forms.choosing import ANSWERS
from huixiang.apps.complaints.models import Case
from huixiang.apps.complaints.outcomes import SUPERVISORS, Outcome
from huixiang.apps.complaints.templatetags.complaints import state_name
from huixiang.apps.feedback import findings
from huixiang.channels import export
from huixiang.domain.complaints.handling import End

COLUMNS = (
    gettext_lazy("编号"),
    gettext_lazy("投诉时间"),
    gettext_lazy("投诉来源"),
    gettext_lazy("监管转办"),
    gettext_lazy("重复投诉：并入"),
    gettext_lazy("投诉人"),
    gettext_lazy("人数"),
    gettext_lazy("一句话说明"),
    gettext_lazy("投诉描述（已脱敏）"),
    gettext_lazy("投诉请求"),
    gettext_lazy("投诉等级"),
    gettext_lazy("敏感标签"),
    gettext_lazy("业务办理渠道"),
    gettext_lazy("业务类别"),
    gettext_lazy("投诉原因"),
    gettext_lazy("承办机构号"),
    gettext_lazy("承办机构"),
    gettext_lazy("状态"),
    gettext_lazy("最近到期"),
    gettext_lazy("答复时间"),
    gettext_lazy("处理天数"),
    gettext_lazy("是否超期"),
    gettext_lazy("一次性解决"),
    gettext_lazy("规则包与版本"),
)
LATE = {True: gettext_lazy("是"), False: gettext_lazy("否"), None: ""}


@dataclass(frozen=True, slots=True)
class Written:
    """What is in the file: its SHA-256, in hexadecimal, and how many cases."""

    digest: str
    count: int


def write(path: Path, kind: str, cases: Iterable[tuple[Case, Outcome | None]]) -> Written:
    """Write the file, CSV or xlsx, and tell its digest and how many cases are in it."""
    count, header = 0, [str(name) for name in (*COLUMNS, *registry_law.COLUMNS)]

    def rows() -> Iterator[list[Any]]:
        nonlocal count
        for case, outcome, lines in registry_law.with_lines(cases):
            count += 1
            yield [*_cells(case, outcome), *registry_law.cells(case, lines)]

    if kind == "xlsx":
        export.write_sheet(path, str(_("投诉登记簿")), header, rows(), {7: 30, 8: 60, 9: 30})
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(export.csv_lines(header, rows()))
    with path.open("rb") as done:
        return Written(hashlib.file_digest(done, "sha256").hexdigest(), count)


def _cells(case: Case, outcome: Outcome | None) -> list[Any]:
    return [
        case.number,
        timezone.localtime(case.received_at).strftime("%Y-%m-%d %H:%M"),
        str(case.get_way_display()),
        str(LATE[case.way in SUPERVISORS]),
        case.merged_into.number if case.merged_into else "",
        str(case.get_complainant_display()),
        case.heads,
        case.title,
        case.text,
        case.demand,
        str(case.get_seriousness_display()),
        "；".join(findings.name("risks", code) for code in case.risks),
        *(findings.path(code) if code else "" for code in (case.channel_code, case.business_code, case.cause_code)),
        case.unit.code,
        case.unit.name,
        state_name(case.state),
        case.next_due_on.isoformat() if case.next_due_on else "",
        *_reckoned(outcome),
        str(case.pack),
    ]


def _reckoned(found: Outcome | None) -> list[Any]:
    """Of a refused case, and of one merged into another, nothing is reckoned."""
    if found is None:
        return ["", "", "", ""]
    answered = timezone.localtime(found.answered_at).strftime("%Y-%m-%d %H:%M") if found.answered_at else ""
    days = "" if found.handled.end is End.OPEN else round(found.handled.days, 2)
    return [answered, days, str(LATE[found.late]), str(ANSWERS[found.judged.answer]) if found.judged else ""]
