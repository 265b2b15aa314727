"""What can people do with post boxes and with what came in? Each verb is one transaction, one right, one record."""

from huixiang.apps.intake.actions.answering import (
    LONGEST_ANSWER,
    answer,
    code_of,
    contact_of,
    read,
    told_by_phone,
    withdraw_contact,
)
from huixiang.apps.intake.actions.boxes import change_box, close_box, open_box, print_poster, reopen_box
from huixiang.apps.intake.actions.sending import send
from huixiang.apps.intake.actions.ways import settle_way

__all__ = [
    "LONGEST_ANSWER",
    "answer",
    "change_box",
    "close_box",
    "code_of",
    "contact_of",
    "open_box",
    "print_poster",
    "read",
    "reopen_box",
    "send",
    "settle_way",
    "told_by_phone",
    "withdraw_contact",
]
