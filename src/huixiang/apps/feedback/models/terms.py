"""How long is what kept, what went with its time, and when? Set by people, carried out by the nightly round."""

from __future__ import annotations

from collections.abc import Collection

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Clearing(models.Model):
    """When was what is over last removed of one kind of personal data, and how much? See keeping."""

    code = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    removed = models.PositiveIntegerField()


class Term(models.Model):
    """How long is kept what came by one channel? No row, or a None: without a limit. Set by people, never by itself."""

    class Manner(models.TextChoices):
        FIGURES = "figures", _("只留统计：原文、假名与附件清除，改用无法对回的编号")
        DELETE = "delete", _("全部清除，统计数字随之减少")

    channel = models.CharField(max_length=24, unique=True)
    months = models.PositiveSmallIntegerField(_("声音保存几个月"), null=True, blank=True)
    manner = models.CharField(_("到期之后"), max_length=8, choices=Manner.choices, default=Manner.FIGURES)
    from_on = models.DateField(null=True)  # nothing goes before this day: a mistake can be taken back until then
    row_days = models.PositiveSmallIntegerField(_("被隔离的行保存几天"), null=True, blank=True)
    rows_from_on = models.DateField(null=True)


class Expiry(models.Model):
    """One turn of the nightly round over the voices of a channel whose time is over. Killed, the next night goes on."""

    channel = models.CharField(max_length=24)
    before = models.CharField(max_length=7)  # "2024-11": what was said in earlier months
    manner = models.CharField(max_length=8, choices=Term.Manner.choices)
    salt = models.BinaryField()  # of the new ids; empty once it is finished, so that nobody finds the way back
    begun_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    voices = models.PositiveBigIntegerField(default=0)
    calls = models.PositiveBigIntegerField(default=0)
    posts = models.PositiveBigIntegerField(default=0)

    class Meta:
        ordering = ("-begun_at",)


class BygoneQuerySet(models.QuerySet["Bygone"]):
    def among(self, ids: Collection[str], what: str) -> set[str]:
        """Which of these went with their time?"""
        rows = self.filter(what=what)
        if not ids or not rows.exists():
            return set()
        listed = sorted(ids)
        stretches = (listed[start : start + 500] for start in range(0, len(listed), 500))
        return {
            found for part in stretches for found in rows.filter(voice_id__in=part).values_list("voice_id", flat=True)
        }

    def remember(self, ids: Collection[str], what: str) -> None:
        rows = [Bygone(voice_id=each, what=what) for each in sorted(ids)]
        Bygone.objects.bulk_create(rows, batch_size=500, ignore_conflicts=True)


class Bygone(models.Model):
    """What went with its time and does not come again with its file: a keyed hash, as a tombstone's; never what it was.

    Voices whose date tells that their time is over need none; whose date nobody knows do.
    """

    class What(models.TextChoices):
        VOICE = "voice", _("声音")
        FILES = "files", _("附件")

    voice_id = models.CharField(max_length=24)  # or a refused row's (identity.row_id)
    what = models.CharField(max_length=6, choices=What.choices)

    objects = BygoneQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("voice_id", "what"), name="gone_once"),)
