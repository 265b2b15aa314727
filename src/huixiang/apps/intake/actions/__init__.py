"""What can people do with post boxes and with what came in? Each verb is one transaction, one right, one record."""

from huixiang.apps.intake.actions.answering import LONGEST_ANSWER, answer, contact_of, read, withdraw_contact
from huixiang.apps.intake.actions.boxes import change_box, close_box, open_box, print_poster, reopen_box
from huixiang.apps.intake.actions.sending import send

__all__ = [
    "LONGEST_ANSWER",
    "answer",
    "change_box",
    "close_box",
    "contact_of",
    "open_box",
    "print_poster",
    "read",
    "reopen_box",
    "send",
    "withdraw_contact",
]
