"""What can people do with needs, and tell customers? Each verb is one transaction, one right, one audit record."""

from huixiang.apps.needs.actions.deciding import Ruling, decide, meet
from huixiang.apps.needs.actions.kano import Pairing, link_kano, unlink_kano
from huixiang.apps.needs.actions.naming import Wording, assign, confirm, reject, rename, reopen
from huixiang.apps.needs.actions.pinning import forget_erased, pin
from huixiang.apps.needs.actions.proposing import propose, propose_from
from huixiang.apps.needs.actions.regrouping import merge, split
from huixiang.apps.needs.actions.telling import Telling, draft, may_tell, print_deeds, publish, reword, withdraw
from huixiang.apps.needs.actions.turning import may, open_verbs

__all__ = [
    "Pairing",
    "Ruling",
    "Telling",
    "Wording",
    "assign",
    "confirm",
    "decide",
    "draft",
    "forget_erased",
    "link_kano",
    "may",
    "may_tell",
    "meet",
    "merge",
    "open_verbs",
    "pin",
    "print_deeds",
    "propose",
    "propose_from",
    "publish",
    "reject",
    "rename",
    "reopen",
    "reword",
    "split",
    "unlink_kano",
    "withdraw",
]
