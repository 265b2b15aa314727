"""What can people do with complaints? One function for all verbs; page, API and imports call the same."""

from huixiang.apps.complaints.actions.doing import Doing, do
from huixiang.apps.complaints.actions.holding import hold
from huixiang.apps.complaints.actions.joining import join_voice
from huixiang.apps.complaints.actions.registering import Person, Receipt, register
from huixiang.apps.complaints.actions.returning import (
    approve_return,
    draft_return,
    send_back_return,
    submit_return,
    write_denominators,
)
from huixiang.apps.complaints.actions.revealing import Identity, reveal
from huixiang.apps.complaints.actions.telling import do_or_send, settle
from huixiang.apps.complaints.actions.templating import set_letterhead, write_template

__all__ = ["Doing", "Identity", "Person", "Receipt", "approve_return", "do", "do_or_send", "draft_return", "hold",
           "join_voice", "register", "reveal", "send_back_return", "set_letterhead", "settle", "submit_return",
           "write_denominators", "write_template"]  # fmt: skip
