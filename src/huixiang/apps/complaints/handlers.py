"""Who may work on a complaint? People with that right in its unit or above."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils import timezone

from huixiang.apps.access.models import Post, Staff
from huixiang.apps.access.rights import ROLES
from huixiang.apps.complaints.models import Case
from huixiang.domain.complaints.lifecycle import HANDLE


def handlers(case: Case) -> Any:
    """Also those complained of: that they must keep out of it, the table of verbs says."""
    roles = [role for role, rights in ROLES.items() if HANDLE in rights]
    above = case.unit.path.strip("/").split("/")
    posts = Post.objects.on(timezone.localdate()).filter(role__in=roles, unit__code__in=above)
    return Staff.objects.filter(Q(pk__in=posts.values("staff")), is_active=True)


def able(case: Case) -> Any:
    """To whom can it be given?"""
    return handlers(case).exclude(pk__in=case.accused.values("staff"))
