"""How are Kano's classes called, and what does each mean?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from huixiang.domain.needs.kano import Kano

NAMES = {
    Kano.MUST_BE: _("必备型"),
    Kano.ONE_DIMENSIONAL: _("期望型"),
    Kano.ATTRACTIVE: _("魅力型"),
    Kano.INDIFFERENT: _("无差异型"),
    Kano.REVERSE: _("反向型"),
    Kano.QUESTIONABLE: _("可疑（矛盾）"),
}
MEANT = {
    Kano.MUST_BE: _("有了是应该的，没有就不满"),
    Kano.ONE_DIMENSIONAL: _("有了满意，没有不满"),
    Kano.ATTRACTIVE: _("有了惊喜，没有也不怪"),
    Kano.INDIFFERENT: _("有没有都无所谓"),
    Kano.REVERSE: _("有了反而不满"),
    Kano.QUESTIONABLE: _("两个回答自相矛盾"),
}
