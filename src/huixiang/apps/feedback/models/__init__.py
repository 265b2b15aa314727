"""What was imported, refused, corrected, erased, and by which list are customers classed? Each file is a subject."""

from huixiang.apps.feedback.models.accounts import (
    LONGEST_VALUE,
    Attachment,
    Batch,
    Correction,
    Erasure,
    ErasureQuerySet,
    Import,
    ImportQuerySet,
    Quarantined,
    QuarantinedQuerySet,
    Rise,
    RiseQuerySet,
    Tombstone,
    TombstoneQuerySet,
    Watch,
)
from huixiang.apps.feedback.models.terms import Bygone, BygoneQuerySet, Clearing, Expiry, Term
from huixiang.apps.feedback.models.tiers import TierBook
from huixiang.apps.feedback.models.withheld import Addendum, Withheld

__all__ = [
    "LONGEST_VALUE",
    "Addendum",
    "Attachment",
    "Batch",
    "Bygone",
    "BygoneQuerySet",
    "Clearing",
    "Correction",
    "Erasure",
    "ErasureQuerySet",
    "Expiry",
    "Import",
    "ImportQuerySet",
    "Quarantined",
    "QuarantinedQuerySet",
    "Rise",
    "RiseQuerySet",
    "Term",
    "TierBook",
    "Tombstone",
    "TombstoneQuerySet",
    "Watch",
    "Withheld",
]
