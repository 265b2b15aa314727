"""Which complaints came from an old register, and under which number did it know them?"""

from __future__ import annotations

from django.db import models

from huixiang.apps.complaints.models.cases import Case


class OldNumber(models.Model):
    """Under which number an old register knew this case. Brought in twice, it is the same case."""

    case = models.OneToOneField(Case, models.CASCADE, related_name="old_number")
    register = models.CharField(max_length=40)
    number = models.CharField(max_length=60, db_index=True)
    import_id = models.UUIDField()
    row = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["register", "number"], name="an_old_number_once")]
