"""Who did what? The rows of the audit; audit.py writes and verifies their chain."""

from __future__ import annotations

from django.db import models

from huixiang.apps.access.verbs import KIND_NAMES, VERB_NAMES

LONGEST_ID = 255


class AuditRecord(models.Model):
    """One verb, or one read of a person's data. Append-only; each record carries the hash of the one before."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)  # staff number, or "system:nightly", "cli:NAME"
    verb = models.CharField(max_length=60, db_index=True)
    on_kind = models.CharField(max_length=40)
    on_id = models.CharField(max_length=LONGEST_ID, blank=True)  # a number, or the address that was refused
    source = models.CharField(max_length=64, blank=True)  # from where: an address or "cli"
    outcome = models.CharField(max_length=20)  # done, refused, failed
    detail = models.JSONField(default=dict)  # never personal data
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("-seq",)
        indexes = [models.Index(fields=["on_kind", "on_id"]), models.Index(fields=["actor", "-seq"])]

    @property
    def verb_name(self) -> str:
        return str(VERB_NAMES.get(self.verb, self.verb))

    @property
    def kind_name(self) -> str:
        return str(KIND_NAMES.get(self.on_kind, self.on_kind))
