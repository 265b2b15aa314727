"""May this record come in? Its branch must exist and lie within the importing person's reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from difflib import get_close_matches
from functools import cached_property

from django.utils import timezone

from huixiang.apps.access.models import Unit
from huixiang.channels.contract import Fact, Fault
from huixiang.domain.feedback import Precision, Record
from huixiang.domain.hotline import Stay


class NotAdmitted(Fault):
    """The row reads well, and its branch is unknown or out of reach: no sign of a wrong mapping."""

    voice_id = ""  # whose it is, so that an erased voice is not kept aside either


_COMPARED, _REMEMBERED = 3_000, 1_000  # bounds on the search for the unit that an unknown code could mean


@dataclass(frozen=True)
class Gate:
    """Which branches are there, and which of them may this person fill (None: all)?"""

    units: frozenset[str]  # codes
    scope: frozenset[str] | None
    columns: Mapping[str, str]  # field → the column of the file, so that the page can mark it
    _near: dict[str, list[str]] = field(default_factory=dict)  # a million rows may carry the same wrong code

    def check(self, record: Record | Stay | Fact, row: int) -> None:
        """Raises NotAdmitted with row and column."""
        if record.branch is None:
            if self.scope is not None:
                raise self._fault(
                    "第 %(row)s 行“%(column)s”列：没有机构号，而您的导入权限限于部分机构；请填写机构号或选择默认机构",
                    row,
                )
        elif record.branch not in self._open:
            raise self._unknown(record.branch, row)

    def keeps_out(self, branch: str | None) -> bool:
        """Does a voice of this branch lie beyond the person's reach?"""
        return self.scope is not None and branch not in self.scope

    def elsewhere(self, row: int) -> Fault:
        """Why a record may not take the place of a voice that another unit has under the same number."""
        return self._fault("第 %(row)s 行：这个编号的声音不在您的导入权限范围内；请核对编号或来源", row)

    @cached_property
    def _open(self) -> frozenset[str]:
        """The branches that this person may fill. What is forbidden is told like what is missing."""
        return self.units if self.scope is None else self.scope & self.units

    def said_on(self, record: Record, said_at: datetime) -> date:
        """The day in the bank's time zone, as the pages show the moment: so each day's filter finds what it shows.

        A source that gives only a day means that day wherever it is read.
        """
        return said_at.date() if record.said_precision is Precision.DAY else timezone.localdate(said_at)

    def _unknown(self, code: str, row: int) -> Fault:
        if code not in self._near and len(self._near) < _REMEMBERED:
            self._near[code] = _nearest(code, sorted(self._open))
        if near := self._near.get(code):
            return self._fault(
                "第 %(row)s 行“%(column)s”列：机构号“%(code)s”不存在，或不在您的导入权限范围内；相近的有 %(near)s",
                row,
                code=code[:40],
                near="、".join(near),
            )
        return self._fault(
            "第 %(row)s 行“%(column)s”列：机构号“%(code)s”不存在，或不在您的导入权限范围内；请先导入机构，或更正机构号",
            row,
            code=code[:40],
        )

    def _fault(self, message: str, row: int, **params: object) -> Fault:
        return NotAdmitted(message, column=self.columns.get("branch", "机构"), row=row, **params)


def gate(scope: frozenset[str] | None, columns: Mapping[str, str]) -> Gate:
    return Gate(frozenset(Unit.objects.values_list("code", flat=True)), scope, columns)


def _nearest(code: str, codes: Iterable[str]) -> list[str]:
    """Up to three codes that begin alike, the nearest first."""
    beginning = code[: max(1, len(code) // 2)].upper()
    candidates = [known for known in codes if known.upper().startswith(beginning)]
    return get_close_matches(code[:40], candidates[:_COMPARED], n=3, cutoff=0.6)
