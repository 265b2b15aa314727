"""What was out of order? One row an incident: of a system (outages), or of a machine of a branch."""

from __future__ import annotations

from huixiang.channels.contract import Defaults, Row, marked
from huixiang.channels.digital.settings import DOWNTIMES
from huixiang.channels.digital.table import FactTable
from huixiang.domain.digital import DEVICE, SYSTEM, Downtime

LONGEST_DAYS = 366  # longer is no incident: the machine is gone


class Downtimes(FactTable):
    """Incidents by a mapping; with a machine's number a row tells of a machine, else of a system."""

    kind = DOWNTIMES
    name = DOWNTIMES.name
    title = marked("系统故障与设备停机记录（CSV、Excel、JSON、Parquet）")

    def record(self, row: Row, defaults: Defaults) -> Downtime:
        """The incident of one row. Raises Fault with row, column and remedy."""
        cells = self.cells(row, defaults)
        device = cells.text("device")
        name = device or self.by.said("systems", cells.needed("system"))
        began, ended = cells.moment("began_at"), cells.moment("ended_at")
        if began is None:
            raise cells.missing("began_at")
        if ended and not 0 <= (ended - began).days < LONGEST_DAYS:
            message = marked("第 %(row)s 行“%(column)s”列：结束早于开始，或晚了一年以上；请核对两个时间")
            raise cells.fault(message, "ended_at")
        return Downtime(
            kind=DEVICE if device else SYSTEM,
            name=name,
            began_at=began,
            began_on=cells.local(began).date(),
            ended_at=ended,
            planned=cells.is_yes("planned"),
            share=cells.number("share", 1),
            reason=cells.text("reason"),
            number=cells.text("number"),
            branch=cells.branch(),
        )
