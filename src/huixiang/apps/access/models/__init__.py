"""Who works where, with which rights, and what did they do? Units, staff, posts, tokens, jobs and the audit chain."""

from huixiang.apps.access.models.jobs import Job, JobQuerySet
from huixiang.apps.access.models.people import Post, PostQuerySet, Staff, StaffQuerySet
from huixiang.apps.access.models.records import AuditRecord
from huixiang.apps.access.models.saved import SavedView, SavedViewQuerySet
from huixiang.apps.access.models.tokens import RememberedAnswer, Token
from huixiang.apps.access.models.units import Unit, UnitQuerySet, bank_name, valid_code, valid_time_zone

__all__ = [
    "AuditRecord",
    "Job",
    "JobQuerySet",
    "Post",
    "PostQuerySet",
    "RememberedAnswer",
    "SavedView",
    "SavedViewQuerySet",
    "Staff",
    "StaffQuerySet",
    "Token",
    "Unit",
    "UnitQuerySet",
    "bank_name",
    "valid_code",
    "valid_time_zone",
]
