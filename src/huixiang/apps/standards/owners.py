"""Who answers for a standard today? An owner counts whose unit is there, and whose post somebody holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from huixiang.apps.access.models import Post, Unit
from huixiang.apps.access.rights import ROLE_NAMES
from huixiang.domain.standards.values import Owner


def owns(day: date) -> Callable[[Owner], bool]:
    """Two questions to the database for all owners."""
    units = set(Unit.objects.filter(closed_on=None).values_list("code", flat=True))
    held = set(Post.objects.on(day).filter(staff__is_active=True).values_list("role", "unit__code"))
    roles = {role for role, _unit in held}

    def is_there(owner: Owner) -> bool:
        if owner.unit and owner.unit not in units:
            return False
        if owner.unit and owner.post:
            return (owner.post, owner.unit) in held
        return not owner.post or owner.post in roles

    return is_there


def owner_name(owner: Owner, units: dict[str, str]) -> str:
    """服务质量管理员 · 海川银行总行."""
    post: Any = ROLE_NAMES.get(owner.post, owner.post)
    unit = units.get(owner.unit, owner.unit)
    return _("、").join(str(each) for each in (post, unit) if each)
