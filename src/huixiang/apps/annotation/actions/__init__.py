"""What can people do with models and labels? The verbs: each is one transaction, one right and one audit record."""

from huixiang.apps.annotation.actions.activation import activate, roll_back
from huixiang.apps.annotation.actions.labels import export_labels, label, settle
from huixiang.apps.annotation.actions.locking import lock_labels, lock_set
from huixiang.apps.annotation.actions.plugins import check_plugin, forget_answers
from huixiang.apps.annotation.actions.registry import register
from huixiang.apps.annotation.actions.rereading import reread
from huixiang.apps.annotation.actions.training import evaluate, train

__all__ = [
    "activate",
    "check_plugin",
    "evaluate",
    "export_labels",
    "forget_answers",
    "label",
    "lock_labels",
    "lock_set",
    "register",
    "reread",
    "roll_back",
    "settle",
    "train",
]
