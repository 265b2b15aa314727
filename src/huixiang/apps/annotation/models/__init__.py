"""What did people teach the machine, which models came of it, and what did they read anew?"""

from huixiang.apps.annotation.models.labels import Label, Settled
from huixiang.apps.annotation.models.registry import (
    BOOKS,
    LONGEST_LABEL,
    Activation,
    Drift,
    EvaluationItem,
    EvaluationSet,
    ModelVersion,
    Task,
)
from huixiang.apps.annotation.models.rereadings import Rereading

__all__ = [
    "BOOKS",
    "LONGEST_LABEL",
    "Activation",
    "Drift",
    "EvaluationItem",
    "EvaluationSet",
    "Label",
    "ModelVersion",
    "Rereading",
    "Settled",
    "Task",
]
