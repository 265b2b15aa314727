"""What can be done to units, staff, posts, passwords and tokens? A verb is one right, one transaction, one record.

`by` is the person who acts, or "cli:NAME" for who has the machine itself. What is out of a person's reach looks as if
it were not there (Http404); what the rules forbid is refused in words (ValidationError). Both attempts are recorded.
"""

from huixiang.apps.access.actions.people import (
    change_password,
    change_staff,
    create_staff,
    deactivate_staff,
    issue_password,
    reactivate_staff,
)
from huixiang.apps.access.actions.posts import end_post, give_post
from huixiang.apps.access.actions.reach import (
    may_change_person,
    person_to_change,
    reach_unit,
    seen_person,
    unit_to_change,
)
from huixiang.apps.access.actions.saved import MOST_VIEWS, delete_view, save_view
from huixiang.apps.access.actions.tokens import LONGEST_TOKEN_DAYS, create_token, revoke_token
from huixiang.apps.access.actions.units import change_unit, create_unit, move_unit
from huixiang.apps.access.actions.verifying import verify_audit

__all__ = [
    "LONGEST_TOKEN_DAYS",
    "MOST_VIEWS",
    "change_password",
    "change_staff",
    "change_unit",
    "create_staff",
    "create_token",
    "create_unit",
    "deactivate_staff",
    "delete_view",
    "end_post",
    "give_post",
    "issue_password",
    "may_change_person",
    "move_unit",
    "person_to_change",
    "reach_unit",
    "reactivate_staff",
    "revoke_token",
    "save_view",
    "seen_person",
    "unit_to_change",
    "verify_audit",
]
