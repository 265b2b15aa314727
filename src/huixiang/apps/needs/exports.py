"""How does the needs library leave for a spreadsheet? One row a need, with its figures in the reader's reach."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from huixiang.apps.needs.evidence import told
from huixiang.apps.needs.kano_names import NAMES
from huixiang.apps.needs.models import Need
from huixiang.apps.needs.tiers import ByTier
from huixiang.apps.needs.weighing import Weighed
from huixiang.channels import export
from huixiang.domain.needs.kano import Classified
from huixiang.domain.statistics import Interval

COLUMNS = (
    gettext_lazy("编号"),
    gettext_lazy("名称"),
    gettext_lazy("性质"),
    gettext_lazy("状态"),
    gettext_lazy("客户的说法"),
    gettext_lazy("负责人"),
    gettext_lazy("机构"),
    gettext_lazy("近 90 天条数"),
    gettext_lazy("近 90 天全部声音"),
    gettext_lazy("频率"),
    gettext_lazy("频率区间下限"),
    gettext_lazy("频率区间上限"),
    gettext_lazy("负面占比"),
    gettext_lazy("紧急风险占比"),
    gettext_lazy("客户价值（平均权重）"),
    gettext_lazy("等级可知的占比"),
    gettext_lazy("重要度"),
    gettext_lazy("重要度区间下限"),
    gettext_lazy("重要度区间上限"),
    gettext_lazy("不计客户价值的重要度"),
    gettext_lazy("客户等级：条数/该等级全部声音"),
    gettext_lazy("Kano 类别"),
    gettext_lazy("Kano 类别是否证实"),
    gettext_lazy("Kano 答卷数"),
    gettext_lazy("证据规则"),
    gettext_lazy("决定"),
    gettext_lazy("并入"),
    gettext_lazy("提出日期"),
)


def csv_lines(rows: Iterable[Weighed]) -> Iterator[str]:
    return export.csv_lines(_header(), map(_cells, rows))


def write_sheet(rows: Iterable[Weighed], path: Path) -> None:
    export.write_sheet(path, str(_("需求库")), _header(), map(_cells, rows), {1: 24, 4: 50, 18: 40, 24: 50, 25: 50})


def _header() -> list[str]:
    return [str(name) for name in COLUMNS]


def _cells(row: Weighed) -> list[Any]:
    need, found = row.need, row.importance
    return [
        need.pk,
        need.name,
        str(need.get_kind_display()),
        str(need.get_state_display()),
        need.statement,
        str(need.owner or ""),
        str(need.unit or _("全行")),
        row.count,
        row.of,
        *_interval(found.frequency if found else None, 4),
        "" if found is None else round(found.negative.value, 4),
        "" if found is None else round(found.urgent.value, 4),
        *(["", ""] if found is None else [round(found.value.mean.value, 4), _share(found.value.coverage)]),
        *_interval(found.points if found else None, 1),
        "" if found is None else round(found.plain.value, 1),
        "；".join(_tiers(row.tiers)),
        *_kano(row.kano),
        _("；或 ").join(told(rule) for rule in need.rules),
        "；".join(_decision(need)),
        need.merged_into_id or "",
        timezone.localdate(need.created_at).isoformat(),
    ]


def _decision(need: Need) -> Iterator[str]:
    for made in need.decisions.all():
        parts = [f"{made.decided_on:%Y-%m-%d}", str(made.get_kind_display()), made.title, made.reference, made.url]
        yield " ".join(part for part in parts if part)


def _tiers(found: ByTier | None) -> Iterator[str]:
    """What is so few that somebody could be recognised is a dash."""
    for line in found.lines if found else ():
        yield f"{line.name} " + ("—" if line.is_hidden else f"{line.count}/{line.of}")


def _share(found: Interval | None) -> Any:
    return "" if found is None else round(found.value, 4)


def _kano(found: Classified | None) -> list[Any]:
    return ["", "", ""] if found is None else [str(NAMES[found.kano]), _proven(found), found.n]


def _proven(found: Classified) -> str:
    return _("证实") if found.is_proven else _("未证实")


def _interval(found: Interval | None, digits: int) -> list[Any]:
    return ["", "", ""] if found is None else [round(each, digits) for each in (found.value, found.low, found.high)]
