"""What happened to a complaint, and when? Lines that nobody changes: the one truth about a case."""

from __future__ import annotations

from django.db import models

from huixiang.apps.access.models import Staff
from huixiang.apps.complaints.models.cases import Case


class Event(models.Model):
    """One line. The database refuses to change it; only `sealed` may be emptied, once its term is over.

    `told` holds no personal data; what may name people is in `sealed`. The hash covers all but `sealed`, and of that
    its digest, so that the chain can be verified also when the words are gone.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    verb = models.CharField(max_length=24)
    at = models.DateTimeField()  # when it happened
    entered_at = models.DateTimeField()  # when it was written down
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    unit_code = models.CharField(max_length=32)
    told = models.JSONField(default=dict)
    sealed = models.BinaryField(null=True)
    words_digest = models.CharField(max_length=64, blank=True)
    once = models.CharField(max_length=64, null=True, unique=True)  # keyed hash of the form's key: sent again, the same
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ("case", "seq")
        constraints = [models.UniqueConstraint(fields=["case", "seq"], name="one_line_a_place")]
        indexes = [models.Index(fields=["verb", "entered_at"], name="event_verb_entered")]  # what moved since a report
