"""Which table of this app only grows? The events of the cases; of them the sealed words alone may be emptied."""

from __future__ import annotations

from huixiang.apps.access.append_only import Guarded

EVENTS = Guarded(
    "complaints_event",
    "complaint_event",
    (("id",), ("case_id", "seq"), ("once",)),
    "events of complaints are append-only",
    empties="sealed",
)
