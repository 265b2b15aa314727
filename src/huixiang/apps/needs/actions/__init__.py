"""What can people do with needs? The verbs of lifecycle.VERBS: each is one transaction, one right, one audit record."""

from huixiang.apps.needs.actions.deciding import Ruling, decide, meet
from huixiang.apps.needs.actions.naming import Wording, assign, confirm, reject, rename, reopen
from huixiang.apps.needs.actions.pinning import forget_erased, pin
from huixiang.apps.needs.actions.proposing import propose, propose_from
from huixiang.apps.needs.actions.regrouping import merge, split
from huixiang.apps.needs.actions.turning import may, open_verbs

__all__ = [
    "Ruling",
    "Wording",
    "assign",
    "confirm",
    "decide",
    "forget_erased",
    "may",
    "meet",
    "merge",
    "open_verbs",
    "pin",
    "propose",
    "propose_from",
    "reject",
    "rename",
    "reopen",
    "split",
]
