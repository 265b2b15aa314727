"""For which reasons may a clock stand still? As people read them; why a case may be refused stands in its pack."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PAUSE_NAMES = {"appraisal": _("鉴定、检测、评估")}
