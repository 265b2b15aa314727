"""How is what a customer said shown? Masks as marks, search hits lit up, nothing of it executed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from huixiang.apps.feedback import findings
from huixiang.apps.feedback.names import CHANNELS, KINDS, SENTIMENTS, SIDES
from huixiang.domain.understanding.masking import MARK
from huixiang.domain.understanding.normal import highlight

register = template.Library()
RUN = re.compile(r"([^\d\s]{1,8}?)\1{4,}")  # 闪退 sixty times over; long numbers and spaces are left as they are
LEAD = 30  # characters shown before the first hit of an excerpt


@register.simple_tag
def said(text: str, query: str = "") -> SafeString:
    """The whole text, hits and masks marked."""
    return _html(pieces(text, query))


@register.simple_tag
def excerpt(text: str, query: str = "", length: int = 220) -> SafeString:
    """The part of a long text around its first hit, or its beginning."""
    if not query:
        text = RUN.sub(lambda run: f"{run[1]}…×{len(run[0]) // len(run[1])}", text)
    if len(text) <= length:
        return _html(pieces(text, query))
    found, place = list(pieces(text, query)), 0
    for piece, is_hit, _mask in found:
        if is_hit:
            break
        place += len(piece)
    start = max(0, place - LEAD) if place < len(text) else 0
    return _html(_window(found, start, start + length), start > 0, start + length < len(text))


def pieces(text: str, query: str) -> Iterator[tuple[str, bool, bool]]:
    """(piece, is a hit, is a mask): a mask is never a hit, for nobody searches for what he may not see."""
    end = 0
    for mask in MARK.finditer(text):
        yield from ((piece, hit, False) for piece, hit in highlight(text[end : mask.start()], query))
        yield mask[0], False, True
        end = mask.end()
    yield from ((piece, hit, False) for piece, hit in highlight(text[end:], query))


def _window(found: list[tuple[str, bool, bool]], start: int, end: int) -> Iterator[tuple[str, bool, bool]]:
    place = 0
    for piece, hit, mask in found:
        part = piece if mask else piece[max(0, start - place) : max(0, end - place)]
        if part and start < place + len(piece) and place < end:
            yield part, hit, mask
        place += len(piece)


def _html(found: Any, cut_before: bool = False, cut_after: bool = False) -> SafeString:
    title = _("为保护客户隐私已隐去")
    parts = ["…"] if cut_before else []
    for piece, hit, mask in found:
        text = str(escape(piece))
        if mask:
            text = f'<span class="hx-mask" title="{escape(title)}">{text}</span>'
        elif hit:
            text = f"<mark>{text}</mark>"
        parts.append(text)
    # Every piece went through escape() above.
    return mark_safe("".join(parts) + ("…" if cut_after else ""))  # noqa: S308


@register.filter
def channel_name(code: str) -> Any:
    return CHANNELS.get(code, code)


@register.filter
def sentiment_name(label: str) -> Any:
    return SENTIMENTS.get(label, label)


@register.filter
def kind_name(code: str) -> Any:
    return KINDS.get(code, code)


@register.filter
def level_name(code: str) -> Any:
    return findings.LEVELS.get(code, code)


@register.filter
def risk_name(code: str) -> str:
    return findings.name("risks", code)


@register.filter
def stars(rating: float | None) -> str:
    """★★★☆☆, for the eye; the number stands beside it for everybody."""
    full = 0 if rating is None else max(0, min(5, round(rating)))
    return "★" * full + "☆" * (5 - full)


@register.simple_tag
def unit_name(units: dict[str, str], code: str) -> str:
    """A unit's name; its code where the organisation does not (or no longer) know it."""
    return units.get(code, code)


@register.filter
def side_name(side: str) -> Any:
    """Who spoke on the line."""
    return SIDES.get(side, side)


@register.filter
def clock(seconds: float) -> str:
    """Minutes and seconds from the beginning of the recording."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02d}"
