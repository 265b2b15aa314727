"""What was imported, refused, corrected, erased? The voices themselves are facts in the lake."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from huixiang.apps.access.models import Job, Staff, Unit
from huixiang.apps.feedback import guests
from huixiang.lake.locks import is_held

LONGEST_VALUE = 400  # of a corrected field


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, staff: Staff) -> ImportQuerySet:
        """Whole-bank staff see all imports, others those for the units in their reach and their own."""
        codes = staff.scope("import.see")
        if codes is None:
            return self
        return self.filter(Q(branch__code__in=codes) | Q(by=staff) | guests.visible_to(staff))

    def opened_to(self, staff: Staff) -> ImportQuerySet:
        """Whose refused rows may this person read? They are unmasked, and may be of any unit the import could fill.

        So: one's own; of others those whose importing person reaches no further than oneself; whole-bank staff all.
        """
        return self.filter(self._voices_opened_to(staff) | guests.opened_to(staff))

    def mendable_by(self, staff: Staff) -> ImportQuerySet:
        """Of these also by right: the quarantine's door opens to more than one."""
        voices = self._voices_opened_to(staff) if guests.MEND[0] in staff.rights else Q(pk__in=[])
        return self.filter(voices | guests.opened_to(staff))

    def _voices_opened_to(self, staff: Staff) -> Q:
        voices, codes = ~guests.theirs(), staff.scope("import.see")
        if codes is None:
            return voices
        seen = voices & (Q(branch__code__in=codes) | Q(by=staff))
        people = Staff.objects.filter(pk__in=self.filter(seen).values("by"))
        trusted = [one.pk for one in people if (reach := one.scope("import.run")) and reach <= codes]
        return seen & (Q(by=staff) | Q(by__in=trusted))

    def started(self) -> ImportQuerySet:
        return self.exclude(started_at=None)

    def stale_drafts(self, before: datetime) -> ImportQuerySet:
        """Uploads that nobody confirmed."""
        return self.filter(started_at=None, created_at__lt=before)


class Import(models.Model):
    """One file on its way into the lake, with the account of what became of its rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file_name = models.CharField(_("文件"), max_length=255)  # as shown: masked
    path = models.CharField(max_length=1000)  # the upload (removed when finished), or the user's own file; never shown
    is_upload = models.BooleanField(default=False)
    fingerprint = models.CharField(max_length=64)  # SHA-256 of the file: a resumed import must find the same bytes
    bytes = models.BigIntegerField()
    format = models.CharField(_("格式"), max_length=40)
    mapping = models.TextField(blank=True)  # TOML
    channel = models.CharField(_("渠道"), max_length=24, blank=True)
    branch = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, verbose_name=_("默认机构"))
    product = models.CharField(_("默认产品"), max_length=80, blank=True)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="import_of")
    by = models.ForeignKey(Staff, models.SET_NULL, null=True)  # null: from the command line
    actor = models.CharField(max_length=64)  # as in the audit: staff number, or "cli:NAME"
    created_at = models.DateTimeField(default=timezone.now)  # of receipt: stands in where a row gives no date
    started_at = models.DateTimeField(null=True)  # confirmed by a person; until then an upload under preview
    finished_at = models.DateTimeField(null=True)
    fault = models.JSONField(null=True)  # why the file as a whole could not be read: message, column, params

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return self.file_name

    @property
    def state(self) -> str:
        """draft, running, stopped (cancelled or broken off; can go on), failed (the file's fault) or finished."""
        if self.started_at is None:
            return "draft"
        if self.finished_at:
            return "failed" if self.fault else "finished"
        # Without a job somebody waits for a small file, or a command reads it: whoever does holds the lock.
        is_running = self.job.state in Job.OPEN if self.job else is_held(self.lock)
        return "running" if is_running else "stopped"

    @property
    def lock(self) -> Path:
        """Two processes never work on one import."""
        return Path(settings.DATA_DIR) / "locks" / f"import-{self.pk}"

    @property
    def duration(self) -> timedelta | None:
        return self.finished_at - self.started_at if self.finished_at and self.started_at else None


class Batch(models.Model):
    """A stretch of rows that goes into the lake in one commit: written before it, confirmed after it.

    The account of an import is the sum over its confirmed batches; read = new + same + changed + quarantined + erased.
    Mending quarantined rows is a batch too: it reads 0 rows, quarantines -1 for each, and adds new, same or changed.
    What it brought stays counted when it is erased later; `erased` are rows that an earlier erasure keeps out.
    """

    of = models.ForeignKey(Import, models.CASCADE, related_name="batches")
    number = models.PositiveIntegerField()  # 1, 2, 3 … : the lake's transaction number for this import
    rows_read = models.BigIntegerField()  # rows of the file read when this batch ends, from the file's start
    read = models.PositiveIntegerField()
    new = models.PositiveIntegerField()
    same = models.PositiveIntegerField()
    changed = models.PositiveIntegerField()
    quarantined = models.IntegerField()
    erased = models.PositiveIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["of", "number"], name="a_batch_counts_once"),
            models.CheckConstraint(
                condition=Q(
                    read=models.F("new")
                    + models.F("same")
                    + models.F("changed")
                    + models.F("quarantined")
                    + models.F("erased")
                ),
                name="the_account_adds_up",
            ),
        ]


class QuarantinedQuerySet(models.QuerySet["Quarantined"]):
    def held(self) -> QuarantinedQuerySet:
        """Rows whose content stands here still, unmasked under its seal: mended and discarded ones too."""
        return self.filter(emptied_at=None)


class Quarantined(models.Model):
    """A row that could not be read: where, why, and its content (encrypted, for it is not masked)."""

    class State(models.TextChoices):
        OPEN = "open", _("待修正")
        MENDED = "mended", _("已修正入库")
        DISCARDED = "discarded", _("已放弃")
        ERASED = "erased", _("已应要求删除")  # the row counts on; its content is gone
        EXPIRED = "expired", _("已过保存期限")  # likewise
        REPEATED = "repeated", _("此前已隔离")  # by an earlier import, where it waits or was mended or given up

    of = models.ForeignKey(Import, models.CASCADE, related_name="quarantine")
    batch = models.ForeignKey(Batch, models.CASCADE, related_name="refused")
    row = models.BigIntegerField(_("行"))
    column = models.CharField(_("列"), max_length=120, blank=True)
    message = models.TextField()  # the fault's Chinese message, the key of the catalogue
    params = models.JSONField(default=dict)
    sealed = models.BinaryField()  # the row's fields as JSON, encrypted
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    mended_by = models.ForeignKey(Batch, models.SET_NULL, null=True, related_name="mends")
    closed_by = models.ForeignKey(Staff, models.SET_NULL, null=True)
    closed_at = models.DateTimeField(null=True)
    note = models.CharField(_("说明"), max_length=400, blank=True)  # why it was discarded
    voice_id = models.CharField(max_length=24, blank=True)  # which voice it became, also where the lake knew it before
    emptied_at = models.DateTimeField(null=True)  # since when nothing of the row stands here any more
    mark = models.CharField(max_length=24, blank=True, db_index=True)  # by which it is known again: see repeated.py
    first = models.ForeignKey("self", models.SET_NULL, null=True, related_name="repeats")  # which it repeats

    objects = QuarantinedQuerySet.as_manager()

    class Meta:
        ordering = ("row",)
        constraints = [models.UniqueConstraint(fields=["of", "row"], name="a_row_is_refused_once")]


class Correction(models.Model):
    """A person says that the machine misunderstood: kept for good, it outranks the model and trains the next one."""

    class Field(models.TextChoices):
        SENTIMENT = "sentiment", _("情感")
        BRANCH = "branch", _("机构")
        PRODUCT = "product", _("产品")
        KIND = "kind", _("性质")
        TOPICS = "topics", _("事项")  # codes of the taxonomy, with commas between

    voice_id = models.CharField(max_length=24, db_index=True)
    voice_version = models.PositiveIntegerField()
    field = models.CharField(max_length=12, choices=Field.choices)
    before = models.CharField(max_length=LONGEST_VALUE, blank=True)
    after = models.CharField(max_length=LONGEST_VALUE, blank=True)
    note = models.CharField(_("说明"), max_length=400, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT)
    at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)  # when it reached the lake

    class Meta:
        ordering = ("-at",)


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def visible_to(self, staff: Staff) -> ErasureQuerySet:
        """Whole-bank staff see all erasures, others their own."""
        return self if staff.scope("voice.erase") is None else self.filter(by=staff)

    def left_undone(self) -> ErasureQuerySet:
        """Asked for, not finished, and no job will come to them by itself."""
        return self.filter(finished_at=None).exclude(job__state__in=Job.OPEN)


class Erasure(models.Model):
    """A customer asked that something be erased (PIPL art. 47): who did it, when, why, and how much. Never what."""

    class What(models.TextChoices):
        VOICE = "voice", _("一条声音")
        CUSTOMER = "customer", _("一位客户的声音")
        RESTORED = "restored", _("从备份恢复的声音")  # erased before, by somebody whom the backup does not know

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    what = models.CharField(_("对象"), max_length=10, choices=What.choices)
    reason = models.CharField(_("原因"), max_length=400)  # masked
    pseudonym = models.CharField(max_length=32, blank=True)  # of the customer; forgotten when finished
    voices = models.PositiveIntegerField()
    calls = models.PositiveIntegerField(default=0)  # records of calls to the hotline
    facts = models.PositiveIntegerField(default=0)  # tickets of the queue, what was done on screens, lists of customers
    rows = models.PositiveIntegerField(default=0)  # quarantined rows whose content went too
    shared_calls = models.PositiveIntegerField(default=0)  # left: known only by a telephone of several customers
    shared_kept = models.PositiveIntegerField(default=0)  # the same of what the law keeps
    by = models.ForeignKey(Staff, models.PROTECT, null=True)  # null: the system, of what a backup brought back
    at = models.DateTimeField(default=timezone.now)
    job = models.OneToOneField(Job, models.SET_NULL, null=True, related_name="erasure_of")
    finished_at = models.DateTimeField(null=True)
    # What was found where, before and after: [{"place", "found", "left"}]; see certifying.py.
    looked = models.JSONField(default=list)
    looked_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ("-at",)


class TombstoneQuerySet(models.QuerySet["Tombstone"]):
    def among(self, ids: Collection[str]) -> set[str]:
        """Which of these were erased?"""
        if not ids or not self.exists():
            return set()
        listed = sorted(ids)
        stretches = (listed[start : start + 500] for start in range(0, len(listed), 500))
        return {found for part in stretches for found in self.filter(pk__in=part).values_list("pk", flat=True)}


class Tombstone(models.Model):
    """What no import brings back: an erased voice's id, a keyed hash of which voice it was and of nothing it said.

    Or, of a quarantined row that was emptied, a keyed hash of its cells (identity.row_id).
    """

    voice_id = models.CharField(primary_key=True, max_length=24)
    erasure = models.ForeignKey(Erasure, models.PROTECT, related_name="tombstones")

    objects = TombstoneQuerySet.as_manager()


class Attachment(models.Model):
    """A photo or an enclosure that came with a voice. Its content lies encrypted in a file (attachments.py)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    voice_id = models.CharField(max_length=24, db_index=True)  # it may be on its way into the lake still
    name = models.CharField(max_length=120)  # masked
    media_type = models.CharField(max_length=80)  # found in the content
    is_photo = models.BooleanField(default=False)  # drawn anew here, so that a page may show it
    bytes = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # keyed: the same content twice has the same
    received_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("received_at", "pk")


class RiseQuerySet(models.QuerySet["Rise"]):
    def visible_to(self, staff: Staff) -> RiseQuerySet:
        """Of the units in one's reach; the whole bank's for those who see the whole bank."""
        codes = staff.scope("overview.see")
        return self if codes is None else self.filter(unit__in=codes)

    def open(self) -> RiseQuerySet:
        return self.filter(ended_on=None)


class Rise(models.Model):
    """A topic is spoken of more than its own past lets expect, and that is proven: one episode, numbers only.

    `alert` is the finding that opened it, `last` its newest (domain.statistics.surveillance.Finding as JSON).
    """

    topic = models.CharField(max_length=80)  # code of the taxonomy
    unit = models.CharField(max_length=20, blank=True)  # code; "" is the whole bank
    since = models.DateField()
    alerted_on = models.DateField()
    last_on = models.DateField()
    ended_on = models.DateField(null=True)
    ended = models.CharField(max_length=5, blank=True)  # "over" or "usual"
    alert = models.JSONField()
    last = models.JSONField()

    objects = RiseQuerySet.as_manager()

    class Meta:
        ordering = ("-alerted_on", "topic", "unit")
        constraints = (models.UniqueConstraint(fields=("topic", "unit", "alerted_on"), name="one_rise_an_alert"),)


class Watch(models.Model):
    """A night's look at all topics: up to which day, how many series, how many rises were new."""

    on = models.DateField(unique=True)
    series = models.PositiveIntegerField()
    alerts = models.PositiveIntegerField()
