"""What can the bank hand to a customer whose words were erased? One page A4 that says what went, and what stays.

It names no customer: whom it is handed to the bank knows from the request. Its number finds the erasure, and its
fingerprint stands in the audit chain, so that a page changed afterwards is known.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst
from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access.models import bank_name
from huixiang.apps.feedback import certifying
from huixiang.apps.feedback.models import Addendum, Erasure
from huixiang.channels.contract import Fault

PAGE = Path(__file__).with_name("certificate.typ")
AFTERWARDS = Path(__file__).with_name("addendum.typ")
FONT = "Noto Sans CJK SC"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What is certified, and the fingerprint of just that."""

    told: dict[str, Any]

    @property
    def sha256(self) -> str:
        plain = json.dumps(self.told, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(plain.encode()).hexdigest()


def certificate(erasure: Erasure) -> Certificate:
    """By what was seen when it was last looked. Raises Fault where it is not done, or something was left."""
    if erasure.finished_at is None:
        raise Fault("删除还在进行中，完成后才能出具证明")
    if not certifying.is_clean(erasure):
        names = "、".join(str(one.name) for one in certifying.told(erasure) if one.left)
        raise Fault(
            "还不能出具证明：仍有内容留在 %(places)s；请等每夜例行补完后再试", places=names or _("未查过的地方")
        )
    return Certificate(
        {
            "number": str(erasure.pk),
            "bank": bank_name(),
            "what": str(erasure.get_what_display()),
            "asked": _moment(erasure.at),
            "finished": _moment(erasure.finished_at),
            "looked": _moment(erasure.looked_at),
            "voices": erasure.voices,
            "calls": erasure.calls,
            "facts": erasure.facts,
            "rows": erasure.rows,
            "places": [[str(one.name), one.found, one.left] for one in certifying.told(erasure)],
            "remarks": certifying.remarks(erasure),
        }
    )


def pdf(certified: Certificate) -> bytes:
    """The page, the same bytes each time. Raises Fault where this machine has no Chinese letters."""
    return _page(PAGE, certified.told, certified.sha256)


def addendum_pdf(addendum: Addendum) -> bytes:
    """As of a certificate."""
    return _page(AFTERWARDS, addendum.told, addendum.sha256)


def _page(template: Path, told: dict[str, Any], sha256: str) -> bytes:
    if FONT not in typst.Fonts().families():
        raise Fault("这台服务器没有中文字体，无法生成证明；请安装 Debian 软件包 fonts-noto-cjk")
    words = {"told": json.dumps(told, ensure_ascii=False), "sha256": sha256, "font": FONT}
    return typst.compile(template, root=template.parent, format="pdf", sys_inputs=words)


def _moment(at: Any) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
