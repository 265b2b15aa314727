"""Which tables of this app only grow? Answers, the steps of plans, and what happened to findings."""

from __future__ import annotations

from huixiang.apps.access.append_only import Guarded

ANSWERS = Guarded("inspections_answer", "inspection_answer", (("id",), ("form_id", "number")),
                  "answers of inspections are append-only")  # fmt: skip
STEPS = Guarded("inspections_planstep", "inspection_step", (("id",), ("plan_id", "seq")),
                "steps of inspection plans are append-only")  # fmt: skip
EVENTS = Guarded("inspections_findingevent", "inspection_event", (("id",), ("finding_id", "seq")),
                 "events of findings are append-only")  # fmt: skip
ALL = (ANSWERS, STEPS, EVENTS)
