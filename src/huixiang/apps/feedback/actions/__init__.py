"""What can people do with feedback? The verbs: each is one transaction, one right and one audit record."""

from huixiang.apps.feedback.actions.corrections import apply_corrections, correct_voice, topics_of
from huixiang.apps.feedback.actions.erasures import (
    certify,
    erase_customer,
    erase_voice,
    erase_withdrawn,
    known_as,
    of_customer,
    stored_with,
)
from huixiang.apps.feedback.actions.imports import (
    Choice,
    begin_import,
    begin_in_background,
    begin_polled,
    drop_upload,
    no_people_among,
    open_file,
    open_place,
    receive_upload,
    resume_import,
    start_draft,
    stop_import,
)
from huixiang.apps.feedback.actions.quarantine import (
    discard_rows,
    mend_file,
    mend_row,
    mend_upload,
    retry_rows,
)
from huixiang.apps.feedback.actions.terms import Wanted, effect, settle_term
from huixiang.apps.feedback.actions.tiers import may_settle_tiers, settle_tiers

__all__ = [
    "Choice",
    "Wanted",
    "apply_corrections",
    "begin_import",
    "begin_in_background",
    "begin_polled",
    "certify",
    "correct_voice",
    "discard_rows",
    "drop_upload",
    "effect",
    "erase_customer",
    "erase_voice",
    "erase_withdrawn",
    "known_as",
    "may_settle_tiers",
    "mend_file",
    "mend_row",
    "mend_upload",
    "no_people_among",
    "of_customer",
    "open_file",
    "open_place",
    "receive_upload",
    "resume_import",
    "retry_rows",
    "settle_term",
    "settle_tiers",
    "start_draft",
    "stop_import",
    "stored_with",
    "topics_of",
]
