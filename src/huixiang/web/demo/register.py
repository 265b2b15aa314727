"""What did the demonstration bank's former system know of its complaints? One branch's register of two quarters.

The made-up bank writes its register as a bank's own system would: classes by their names, and what was withdrawn as
ended. What a bank does before it brings one in is done here: names become codes, a withdrawal gets a column of its own.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.apps.complaints import signalling
from huixiang.apps.complaints.classing import choices_on
from huixiang.apps.complaints.models import SignalWatch
from huixiang.apps.complaints.old_arriving import open_register
from huixiang.apps.feedback import importing
from huixiang.apps.feedback.models import Import
from huixiang.apps.surveys.actions.answers import Unwatched
from huixiang.channels import old_registers
from huixiang.domain.complaints.periods import Period, period_of
from huixiang.web.demo import SUB_BRANCH

EXPORT, OURS = "complaints/投诉登记簿.csv", f"complaints/投诉登记簿-{SUB_BRANCH}.csv"
CODED = {"业务办理渠道": "channel", "业务类别": "business", "投诉原因": "cause"}
SHORT = {"银行代理": "银行代理业务", "中后台": "中、后台业务渠道"}  # as the former system calls them
WITHDRAWN, ENDED = "撤诉时间", "办结时间"
# The register has no day of acceptance: this bank accepts with its first call, and says so in it.
MAPPING = """\
register = "{branch}旧登记簿"

[columns]
unit = "被诉机构"
accepted_at = "首次联系时间"
"""


def last_quarter(now: datetime) -> Period:
    return period_of(timezone.localdate(now)).before()


def bring(exports: Path, now: datetime) -> None:
    """Once, to its end; and where like complaints gather in it is looked for as every night."""
    place = exports / OURS
    if not Import.objects.filter(file_name=place.name).exclude(finished_at=None).exists():
        if not place.exists():
            _write(exports / EXPORT, place, now)
        if place.read_text("utf-8").count("\n") < 2:  # a tiny bank: nobody complained of this branch
            return
        mapping = MAPPING.format(branch=Unit.objects.get(code=SUB_BRANCH).name)
        imported, _continued = open_register(place, old_registers.mapping(mapping), actor="cli:demo")
        importing.run(Unwatched(), str(imported.pk))
    if not SignalWatch.objects.exists():
        signalling.watch_cases(now)


def _write(source: Path, place: Path, now: datetime) -> None:
    part = place.with_name(f"{place.name}.part")
    with source.open(encoding="utf-8-sig", newline="") as given, part.open("w", encoding="utf-8", newline="") as kept:
        rows = csv.DictReader(given)
        table = csv.DictWriter(kept, [*(rows.fieldnames or ()), WITHDRAWN])
        table.writeheader()
        table.writerows(_ours(rows, f"{last_quarter(now).before().since}"))
    os.replace(part, place)


def _ours(rows: csv.DictReader[str], since: str) -> Iterator[dict[str, str]]:
    """The branch's complaints since that day; what a colleague called an inquiry is not among them."""
    codes = {axis: {each.title.split(" › ")[-1]: each.code for each in choices_on(timezone.localdate())[axis]}
             for axis in CODED.values()}  # fmt: skip
    for row in rows:
        if not row["被诉机构"].startswith(SUB_BRANCH) or row["类型"] != "投诉" or row["登记时间"] < since:
            continue
        row |= {column: codes[axis][SHORT.get(row[column], row[column])] for column, axis in CODED.items()}
        is_withdrawn = row["处理结果"] == "客户撤诉"
        yield row | ({WITHDRAWN: row[ENDED], ENDED: ""} if is_withdrawn else {WITHDRAWN: ""})
