"""Which files brought answers that another program had collected, and to which version do these belong?"""

from __future__ import annotations

from django.db import models

from huixiang.apps.feedback.models import Import
from huixiang.apps.surveys.models.surveys import Version


class AnswerFile(models.Model):
    """An import whose rows are filled-in questionnaires: its account, job and quarantine are the import's."""

    of = models.OneToOneField(Import, models.CASCADE, related_name="answers")
    version = models.ForeignKey(Version, models.PROTECT, related_name="files")
