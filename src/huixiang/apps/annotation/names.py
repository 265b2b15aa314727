"""What are the parts of an opinion called on the pages?"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

PARTS = {"bank": _("银行"), "product": _("产品"), "aspect": _("评价对象"), "opinion": _("评价词")}
