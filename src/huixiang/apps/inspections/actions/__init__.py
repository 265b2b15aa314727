"""What can be done with inspections? Each verb is one transaction, one right and one record in the audit."""

from __future__ import annotations

from huixiang.apps.inspections.actions.answering import Words, accept, decide, dispute, lapse_due
from huixiang.apps.inspections.actions.planning import Wanted, approve, draw_plan, drop, send_back
from huixiang.apps.inspections.actions.visiting import Filled, Line, begin, cancel, submit

__all__ = [
    "Filled",
    "Line",
    "Wanted",
    "Words",
    "accept",
    "approve",
    "begin",
    "cancel",
    "decide",
    "dispute",
    "draw_plan",
    "drop",
    "lapse_due",
    "send_back",
    "submit",
]
