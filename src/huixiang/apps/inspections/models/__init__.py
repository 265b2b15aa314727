"""Who is to look where, what did they find, and what came of it?"""

from __future__ import annotations

from huixiang.apps.inspections.models.findings import Evidence, Finding, FindingEvent
from huixiang.apps.inspections.models.plans import Plan, PlanState, PlanStep
from huixiang.apps.inspections.models.visits import Answer, Form, Kind, Photo, Visit, VisitNumber, VisitState

__all__ = [
    "Answer",
    "Evidence",
    "Finding",
    "FindingEvent",
    "Form",
    "Kind",
    "Photo",
    "Plan",
    "PlanState",
    "PlanStep",
    "Visit",
    "VisitNumber",
    "VisitState",
]
