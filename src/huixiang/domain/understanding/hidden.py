"""Which numbers stand there half hidden, or with signs in between? 138****1234 still tells a clerk who it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.understanding.digits import AMOUNT, CALL, LOOK, ORDER, REGIONS, Hit, is_card
from huixiang.domain.understanding.shadow import GAP

_SIGN = "[.,。、/]"
_HIDDEN = re.compile(r"(?<![0-9*])[0-9]{1,10}[ -]?(?:(?:[*xX#某]{2,19}[ -]?){1,4}|[-.…]{1,8})[0-9]{0,6}[xX]?(?![0-9*])")
_LINE = re.compile(
    r"(?:\(0[1-9][0-9]{1,2}\)|(?<![0-9])0[1-9][0-9]{1,2})[ -]?(?:[0-9]{2,4}[*xX#]{3,5}[0-9]{0,4}|[*xX#]{3,4}[0-9]{4})"
    r"(?:-[0-9]{1,6})?(?![0-9*])"
)
# Quick looks: is there anything to read closely?
_HIDES = re.compile("[0-9][ -]?(?:[*xX#某]{2}|[-.…]{3}|…)")
_PARTED = re.compile(f"[0-9]{_SIGN}[0-9]{{4}}|\\(1[0-9]{{2}}\\)")
_WRITTEN = re.compile("[oOlI][0-9]|[0-9][oO]")
_FAR = re.compile("85[23]|886")
_SOFT = re.compile("[-.…]{3}|…")
_OTHERWISE = re.compile("[A-Za-z.]$")  # before it: a ticket or a decimal
_HEAD = re.compile("1[3-9][0-9]")

_MOBILE = re.compile(
    rf"(?<![0-9.,/])(?:1[3-9][0-9](?P<sign>{_SIGN})[0-9]{{4}}(?P=sign)[0-9]{{4}}|"
    rf"\(1[3-9][0-9]\){GAP}[0-9]{{4}}{GAP}[0-9]{{4}})(?![0-9])"
)
# 138OO138OOO, l3800138000: letters that look like digits, or hide that it is a number from those who search for it.
_LETTERED = re.compile(r"(?<![A-Za-z0-9])(?=[0-9]{0,10}[oOlI])[1lI][3-9](?:[0-9]|[oO]){9}(?![A-Za-z0-9])")
_CARD = re.compile(
    rf"(?<![0-9.,/])[0-9]{{4}}(?P<sign>{_SIGN})(?:[0-9]{{4}}(?P=sign)){{2}}[0-9]{{4}}(?:(?P=sign)[0-9]{{1,3}})?(?![0-9])"
)
# Hong Kong, Macau, Taiwan: without + or 00 only after a word for telephone.
_ABROAD = re.compile(
    rf"(?P<abroad>\(?(?:\+|(?<![0-9])00)\)?|(?<![0-9]))\(?(?:85[23]\)?{GAP}(?P<first>[2-9])[0-9]{{3}}{GAP}[0-9]{{4}}|"
    rf"886\)?{GAP}0?(?:9[0-9]{{2}}{GAP}[0-9]{{3}}{GAP}[0-9]{{3}}|[2-8]{GAP}[0-9]{{3,4}}{GAP}[0-9]{{4}}))(?![0-9])"
)


def abroad_hits(shadow: str) -> Iterator[Hit]:
    """Telephones of Hong Kong, Macau and Taiwan; before the rules for digits, which would take a piece of them."""
    for match in _ABROAD.finditer(shadow) if _FAR.search(shadow) else ():
        if match["abroad"] or CALL.search(shadow[max(0, match.start() - LOOK) : match.start()]):
            yield Hit(*match.span(), "landline" if match["first"] in {"2", "3"} else "mobile")


def hidden_hits(shadow: str) -> Iterator[Hit]:
    """Numbers with signs in between, and numbers that the customer has half hidden."""
    if _PARTED.search(shadow):
        yield from _parted_hits(shadow)
    if _WRITTEN.search(shadow):
        for match in _LETTERED.finditer(shadow):
            yield Hit(*match.span(), "mobile")
    if _HIDES.search(shadow):
        yield from _half_hidden_hits(shadow)


def _parted_hits(shadow: str) -> Iterator[Hit]:
    for match in _MOBILE.finditer(shadow):
        yield Hit(*match.span(), "mobile")
    for match in _CARD.finditer(shadow):
        digits = re.sub("[^0-9]", "", match[0])
        if is_card(digits) or digits.startswith("62"):
            yield Hit(*match.span(), "card")


def _half_hidden_hits(shadow: str) -> Iterator[Hit]:
    for match in _LINE.finditer(shadow):
        yield Hit(*match.span(), "landline")
    for match in _HIDDEN.finditer(shadow):
        found = _hidden_kind(match[0])
        before = shadow[max(0, match.start() - LOOK) : match.start()]
        if (
            found
            and not _OTHERWISE.search(before)
            and not ORDER.search(before)
            and not AMOUNT.match(shadow, match.end())
        ):
            yield Hit(*match.span(), found)


def _hidden_kind(text: str) -> str | None:
    """What was hidden? Told by the digits left on both sides and the whole length; None where it tells too little."""
    soft = _SOFT.search(text)
    whole = text if soft else re.sub("[ -]", "", text)
    left, right = len(whole) - len(whole.lstrip("0123456789")), len(re.search("[0-9]*[xX]?$", whole)[0])  # type: ignore[index]
    mobile = bool(_HEAD.match(whole))
    if soft or not re.search("[*xX#某]{2}", whole):
        return "mobile" if soft and mobile and (left, right) == (3, 4) else None
    if mobile and (10 <= len(whole) <= 12 or (left == 3 and right == 4)):
        return "mobile"
    if whole[0] in "12345678" and len(whole) == 18 and right and not whole.startswith("62"):
        return "identity"
    if whole[:2] in REGIONS and whole[:2] != "62" and len(whole) >= 13 and (left >= 5 or right >= 3):
        return "identity"
    if whole[0] in "34569" and ((left >= 4 and right == 4) or (left + right >= 3 and 13 <= len(whole) <= 19)):
        return "card"
    return None
