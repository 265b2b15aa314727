"""Which pages did somebody keep, with what was chosen on them?"""

from __future__ import annotations

from urllib.parse import urlencode

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models.people import Staff
from huixiang.apps.access.models.units import Unit
from huixiang.apps.access.saved import Savable, pages


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, staff: Staff) -> SavedViewQuerySet:
        """One's own, and those shared with a unit in which, or beneath which, one has a post; of pages one may open."""
        units = {code for post in staff.current_posts for code in post.unit.path.strip("/").split("/")}
        shown = [page.page for page in pages().values() if page.right in staff.rights]
        return self.filter(Q(owner=staff) | Q(unit__code__in=units), page__in=shown).select_related("owner", "unit")


class SavedView(models.Model):
    """A name for a page's filter. It holds no numbers: whoever opens it sees what she may see herself."""

    owner = models.ForeignKey(Staff, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("名称"), max_length=60)
    page = models.CharField(max_length=60)  # name of its address, in saved.pages
    chosen = models.JSONField(default=dict)  # saved.Kept
    unit = models.ForeignKey(Unit, models.CASCADE, null=True, blank=True, verbose_name=_("共享给"))  # null: private
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ("page", "name", "pk")
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="a_view_has_its_own_name")]

    def __str__(self) -> str:
        return self.name

    @property
    def savable(self) -> Savable | None:
        return pages().get(self.page)

    @property
    def address(self) -> str:
        """Where it leads; the page's own door asks for the right."""
        asked = urlencode(self.chosen, doseq=True)
        return reverse(self.page) + (f"?{asked}" if asked else "")
