"""Who complains, and for whom? Names and ways to reach them are sealed; each look at them is audited."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from huixiang.apps.complaints.models.cases import Case


class Party(models.Model):
    """A person of a case. `sealed` holds name, ID, telephone, mail and address, as far as they were told."""

    class Role(models.TextChoices):
        COMPLAINANT = "complainant", _("投诉人")
        LEGAL = "legal_representative", _("法定代理人")
        AGENT = "agent", _("受托人")
        REPRESENTATIVE = "representative", _("推选的代表")
        HEIR = "heir", _("继承人")
        ACCOUNT = "account", _("同一客户的另一账号或客户号")

    case = models.ForeignKey(Case, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=20, choices=Role.choices)
    sealed = models.BinaryField(null=True)
    pseudonym = models.CharField(max_length=32, blank=True, db_index=True)  # by what he is known in other places

    class Meta:
        ordering = ("pk",)
