"""How far has a step gone that gives old cases what new ones have from their receipt on?"""

from __future__ import annotations

from django.db import models


class CatchUp(models.Model):
    """Cases are looked at in the order of their keys: killed, it goes on behind the last whole portion."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.BigIntegerField(default=0)
    until = models.BigIntegerField()  # the newest case when it began; those after it have had it from the start
