"""Which rules hold for which complaints? Each version of a pack as it was read, never changed."""

from __future__ import annotations

from django.db import models

from huixiang.apps.access.models import Staff


class RulePack(models.Model):
    """One version of a rule pack. A case keeps the one that was in force on the day it was received."""

    code = models.CharField(max_length=40)
    version = models.CharField(max_length=40)
    effective_from = models.DateField()
    text = models.TextField()  # TOML
    digest = models.CharField(max_length=64)  # SHA-256 of the text
    loaded_at = models.DateTimeField(auto_now_add=True)
    loaded_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")  # null: came with the product

    class Meta:
        ordering = ("-effective_from", "-pk")
        constraints = [models.UniqueConstraint(fields=["code", "version"], name="one_text_a_version")]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"
