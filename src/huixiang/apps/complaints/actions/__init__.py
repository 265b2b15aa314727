"""What can people do with complaints? One function for all verbs; page, API and imports call the same."""

from huixiang.apps.complaints.actions.attaching import attach, fetch
from huixiang.apps.complaints.actions.deputising import confirm_deputy, end_deputy, name_deputy
from huixiang.apps.complaints.actions.digesting import choose_digest
from huixiang.apps.complaints.actions.doing import Doing, do
from huixiang.apps.complaints.actions.holding import hold
from huixiang.apps.complaints.actions.joining import join_voice
from huixiang.apps.complaints.actions.keeping_terms import set_years, take_back
from huixiang.apps.complaints.actions.leaving import ask_export, decline_export, fetch_export, release_export
from huixiang.apps.complaints.actions.proposing import (
    approve_pack,
    checked,
    decline_pack,
    propose_pack,
    replay_pack,
)
from huixiang.apps.complaints.actions.registering import Person, Receipt, register, register_enclosing
from huixiang.apps.complaints.actions.returning import (
    approve_return,
    draft_return,
    send_back_return,
    submit_return,
    write_denominators,
)
from huixiang.apps.complaints.actions.revealing import Identity, reveal
from huixiang.apps.complaints.actions.seeing import mark_seen
from huixiang.apps.complaints.actions.telling import do_or_send, settle
from huixiang.apps.complaints.actions.templating import set_letterhead, write_template
from huixiang.apps.complaints.actions.terms import set_holidays, set_hours, set_warnings

__all__ = ["Doing", "Identity", "Person", "Receipt", "approve_pack", "approve_return", "ask_export", "attach",
           "checked", "choose_digest", "confirm_deputy", "decline_export",
           "decline_pack", "do", "do_or_send", "draft_return", "end_deputy", "fetch", "fetch_export", "hold",
           "join_voice", "mark_seen", "name_deputy", "propose_pack", "register", "register_enclosing", "release_export",
           "replay_pack", "reveal", "send_back_return", "set_holidays", "set_hours", "set_letterhead", "set_warnings",
           "set_years", "settle", "submit_return", "take_back", "write_denominators", "write_template"]  # fmt: skip
