"""How is a page kept under a name, and forgotten?"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.actions.reach import refused
from huixiang.apps.access.models import SavedView, Staff, Unit
from huixiang.apps.access.saved import Kept, pages

MOST_VIEWS = 50  # of one person


def save_view(
    by: Staff, page: str, chosen: Kept, *, name: str, unit: Unit | None = None, source: str = ""
) -> SavedView:
    """Keep a page's filter, for oneself or for all who work in the unit or beneath it."""
    known = pages().get(page)
    if known is None or known.right not in by.rights:
        raise refused("view.save", by, "view", page, source)
    if unit is not None and unit.pk not in {post.unit_id for post in by.current_posts}:
        raise refused("view.save", by, "unit", unit.code, source)
    with transaction.atomic():
        own = SavedView.objects.select_for_update().filter(owner=by)
        if own.filter(name=name).exists():
            raise ValidationError({"name": _("您已有一个叫“%(name)s”的视图；请换一个名称。") % {"name": name}})
        if own.count() >= MOST_VIEWS:
            raise ValidationError(_("每人最多保存 %(most)d 个视图；请先删除不用的。") % {"most": MOST_VIEWS})
        view = SavedView.objects.create(owner=by, name=name, page=page, chosen=chosen, unit=unit)
        shared = unit.code if unit else ""
        audit.record("view.save", by=by, on_kind="view", on_id=view.pk, source=source, page=page, shared=shared)
    return view


def delete_view(view: SavedView, by: Staff, source: str = "") -> None:
    """One's own alone."""
    if view.owner_id != by.pk:
        raise refused("view.delete", by, "view", str(view.pk), source)
    with transaction.atomic():
        audit.record("view.delete", by=by, on_kind="view", on_id=view.pk, source=source, page=view.page)
        view.delete()
