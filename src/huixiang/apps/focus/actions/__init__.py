"""What can people do with focus groups? Each verb is one transaction, one right, one record."""

from huixiang.apps.focus.actions.codebook import add_code, merge_codes, rename_code
from huixiang.apps.focus.actions.coding import begin_coding, code, finish, reopen, settle
from huixiang.apps.focus.actions.people import add_participant, contact_of, keep_contact, record_consent, withdraw
from huixiang.apps.focus.actions.planning import Plan, Setting, add_session, change_session, change_study, open_study
from huixiang.apps.focus.actions.records import bring_in, suggested, turns, upload
from huixiang.apps.focus.actions.themes import Meaning, change_theme, link, make_theme, propose, quotable, theme

__all__ = [
    "Meaning",
    "Plan",
    "Setting",
    "add_code",
    "add_participant",
    "add_session",
    "begin_coding",
    "bring_in",
    "change_session",
    "change_study",
    "change_theme",
    "code",
    "contact_of",
    "finish",
    "keep_contact",
    "link",
    "make_theme",
    "merge_codes",
    "open_study",
    "propose",
    "quotable",
    "record_consent",
    "rename_code",
    "reopen",
    "settle",
    "suggested",
    "theme",
    "turns",
    "upload",
    "withdraw",
]
