"""How does a person subscribe to a saved view, or show it inside another page, and end either?"""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import audit
from huixiang.apps.access.models import SavedView, Staff
from huixiang.apps.subscriptions import reports
from huixiang.apps.subscriptions.models import Embed, Subscription

MOST = 20  # of one person
EMBED = "view.embed"
LONGEST_DAYS, MOST_EMBEDS = 365, 50


def subscribe(view: SavedView, *, every: str, by: Staff, origin: str = "", source: str = "") -> Subscription:
    """Or change how often. Raises ValidationError where no mail could come of it."""
    if view.page not in reports.PAGES:
        raise ValidationError(_("这种页面还不能订阅。"))
    if not by.email:
        raise ValidationError(_("您的资料里没有邮箱；请联系系统管理员补上。"))
    if Subscription.objects.filter(staff=by).exclude(view=view).count() >= MOST:
        raise ValidationError(_("每人最多订阅 %(most)d 个视图；请先退订不用的。") % {"most": MOST})
    with transaction.atomic():
        told = {"every": every, "origin": origin}
        row, _new = Subscription.objects.update_or_create(staff=by, view=view, defaults=told)
        audit.record("subscription.begin", by=by, on_kind="view", on_id=view.pk, source=source, every=every)
    return row


def unsubscribe(row: Subscription, *, by: Staff | str, source: str = "") -> None:
    """By the person herself, from the page or by the link in her mail."""
    with transaction.atomic():
        audit.record("subscription.end", by=by, on_kind="view", on_id=row.view_id, source=source, of=row.staff.number)
        row.delete()


def make_embed(view: SavedView, *, origins: list[str], days: int, by: Staff, source: str = "") -> Embed:
    """Show a view inside pages of these origins for so many days. Raises ValidationError for what cannot be shown."""
    if EMBED not in by.rights:
        audit.record(EMBED, by=by, on_kind="view", on_id=view.pk, source=source, outcome="refused")
        raise Http404
    if view.page not in reports.PAGES:
        raise ValidationError(_("这种页面还不能嵌入。"))
    if not origins or not 1 <= days <= LONGEST_DAYS:
        raise ValidationError(_("请写明允许嵌入的网站，期限在 1 至 %(days)d 天之间。") % {"days": LONGEST_DAYS})
    now = timezone.now()
    if Embed.objects.open(now).filter(maker=by).count() >= MOST_EMBEDS:
        raise ValidationError(_("每人最多有 %(most)d 个有效的嵌入；请先撤销不用的。") % {"most": MOST_EMBEDS})
    with transaction.atomic():
        told = {"origins": "\n".join(origins), "expires_at": now + timedelta(days=days)}
        embed = Embed.objects.create(view=view, maker=by, **told)
        audit.record("view.embed_make", by=by, on_kind="view", on_id=view.pk, source=source, origins=origins, days=days)
    return embed


def revoke_embed(embed: Embed, *, by: Staff, source: str = "") -> None:
    """At once, wherever it is shown: by its maker, or by whoever may embed for the whole bank."""
    if EMBED not in by.rights or (embed.maker_id != by.pk and not by.holds(EMBED, None)):
        audit.record(EMBED, by=by, on_kind="view", on_id=embed.view_id, source=source, outcome="refused")
        raise Http404
    with transaction.atomic():
        if Embed.objects.filter(pk=embed.pk, revoked_at=None).update(revoked_at=timezone.now()):
            audit.record("view.embed_revoke", by=by, on_kind="view", on_id=embed.view_id, source=source, embed=embed.pk)
