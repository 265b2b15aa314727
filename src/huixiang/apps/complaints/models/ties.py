"""Who is the same as who? Keyed hashes of ways to reach a person, and ties that a person confirmed by an event."""

from __future__ import annotations

from django.db import models

from huixiang.apps.complaints.models.cases import Case
from huixiang.apps.complaints.models.parties import Party


class PartyMark(models.Model):
    """By which telephone or paper is this person of a case known? Keyed hashes: they match and tell nothing else.

    REACHED is of each telephone and mail address, as a customer who is known by nothing else is called elsewhere: by it
    who asks for erasure with that alone is found.
    """

    PHONE, PAPER, NAME, REACHED = "phone", "paper", "name", "reached"

    case = models.ForeignKey(Case, models.CASCADE, related_name="marks")
    role = models.CharField(max_length=20, choices=Party.Role.choices)
    kind = models.CharField(max_length=8)
    mark = models.CharField(max_length=32, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["role", "kind", "mark"], name="party_mark")]


class CustomerTie(models.Model):
    """Two cases of one customer, as a person confirmed. Made of the events `tie`, for the question who is one."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="ties")
    other = models.ForeignKey(Case, models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "other"], name="tied_once")]
