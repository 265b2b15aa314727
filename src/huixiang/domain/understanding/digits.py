"""Which runs of digits name a person? Identity cards, bank cards, accounts, mobile and fixed telephones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huixiang.domain.understanding.shadow import GAP


@dataclass(frozen=True, slots=True)
class Hit:
    """Where does something to be masked stand, and what is it?"""

    start: int
    end: int
    kind: str


# Python's \b and \w take Chinese characters for letters, so 电话138…元 has no word boundary: look at digits alone.
_RUN = re.compile(f"(?<![0-9])[0-9](?:{GAP}[0-9]){{6,}}")
_GROUP = re.compile("[0-9]+")

REGIONS = frozenset(
    map(str, (*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66)))
)
REGIONS |= {"71", "81", "82", "83", "91"}  # Taiwan, Hong Kong, Macau residents; 91 a foreigner's permanent residence
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)

# Only a word that says "number of a paper" counts: 投诉号码 and 合同 are followed by telephones and identity cards too.
ORDER = re.compile(
    r"(?:订单|工单|流水|保单|运单|快递|单据|合同|批次|序列|小票|发票|凭证|参考|交易|业务|受理|案件|投诉|排队|取票|编|单|票|工)"
    r"(?:编号|单号|号)[^0-9\u3400-\u9fff]{0,4}(?:就?是|为)?[^0-9\u3400-\u9fff]{0,4}$"
)
_DEVICE = re.compile(r"(?:imei|meid|设备|序列)(?:编号|号码|号|码|id)?[12]?[^0-9\u3400-\u9fff]{0,4}$", re.IGNORECASE)
_ACCOUNT = re.compile(
    r"(?:卡号|账号|帐号|账户|帐户|银行卡|信用卡|储蓄卡|借记卡|存折|卡)(?:号码?)?[^0-9。；;!?！？]{0,6}$"
)
_ACCOUNT_AFTER = re.compile(r"\s*(?:这个|就?是|为)?(?:我的?|本人的?)?(?:卡号|账号|帐号|账户|帐户)")
CALL = re.compile(
    r"(?:电话|座机|固话|致电|来电|拨打|tel|phone|联系方式)(?:号码?)?[^0-9。；;!?！？]{0,4}$", re.IGNORECASE
)
AMOUNT = re.compile(r"\s*(?:元|块|万|亿|圆|美金|美元|港币|港元|欧元|日元|人民币|笔)")
_CENTS = re.compile(r"\.[0-9]{1,2}(?![0-9])")
_AMOUNT_BEFORE = re.compile(r"[¥￥$€£]\s*$")
_COUNTRY = re.compile(rf"(?:\+|(?<![0-9])(?:00|0)?(?:\(\+?86\)|\+?86){GAP}|(?<![0-9])0{GAP})$")
_AREA_BEFORE = re.compile(r"\(0[0-9]{2,3}\)[ -]?$")
_EXTENSION = re.compile(r"\s{0,2}(?:转|轉|分机号?|ext\.?|-|－)\s{0,2}[:：]?\s{0,2}[0-9]{1,6}(?![0-9])", re.IGNORECASE)
_CHECK_X = re.compile(f"{GAP}[xX](?![A-Za-z])")
_DATE = re.compile("20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")
BANK = re.compile("62|4|5[1-5]|3[4-7]|60|9558")
_MOBILE = re.compile("(?:0{0,2}86|0)?1[3-9][0-9]{9}$")
# After a word for telephone also numbers from 9, as no exchange gives them: masked too much is nothing lost there.
_AREA_SAID = re.compile("0(?:10|2[0-9]|[3-9][0-9]{2})[2-9][0-9]{6,7}$")
_AREA_WHOLE = re.compile("(?:0(?:10|2[0-9])[2-8][0-9]{7}|0[3-9][0-9]{2}[2-8][0-9]{6,7})$")
_MARKS = re.compile("[\ufe0f\u20e3]{1,2}")
MOST_UNEVEN = 6  # pieces of one number
LOOK = 16  # characters read before and after a run for cue words


def digit_hits(shadow: str) -> Iterator[Hit]:
    """All hits among digits, left to right. Each run is read once, each piece joined at most 19 digits far."""
    for run in _RUN.finditer(shadow):
        before = shadow[max(0, run.start() - LOOK) : run.start()]
        after = shadow[run.end() : run.end() + LOOK]
        # ¥13800138000.00 is money. 13800138000元 is a number wedged into a sentence, unless it is as round as money is.
        money = (
            _AMOUNT_BEFORE.search(before) or _CENTS.match(after) or (AMOUNT.match(after) and run[0].endswith("00000"))
        )
        if not money:
            yield from _run_hits(shadow, run, before)


def _run_hits(shadow: str, run: re.Match[str], before: str) -> Iterator[Hit]:
    groups = [match.span() for match in _GROUP.finditer(shadow, *run.span())]
    free = [True] * len(groups)
    found = []
    # A whole group that is a number by itself goes first, so 充500 13800138000 does not turn into a card number.
    for wide in (False, True):
        for first in range(len(groups)):
            hit = _longest(shadow, groups, free, (first, wide), before) if free[first] else None
            if hit:
                found.append(_with_marks(shadow, hit[0]))
                free[first : hit[1] + 1] = [False] * (hit[1] + 1 - first)
    yield from sorted(found, key=lambda hit: hit.start)


def _with_marks(shadow: str, hit: Hit) -> Hit:
    """The hit with the invisible rest of its last keycap emoji."""
    match = _MARKS.match(shadow, hit.end)
    return Hit(hit.start, match.end(), hit.kind) if match else hit


def _longest(
    shadow: str, groups: list[tuple[int, int]], free: list[bool], at: tuple[int, bool], before: str
) -> tuple[Hit, int] | None:
    """The hit that starts at a group, over one group or the most groups; with the place of its last group."""
    first, wide = at
    last = first
    candidates = []
    digits = ""
    while last < len(groups) and free[last] and len(digits) <= 19:
        digits += shadow[slice(*groups[last])]
        candidates.append((last, digits))
        last += 1
    for place, number in reversed(candidates[1:] if wide else candidates[:1]):
        lengths = [end - start for start, end in groups[first : place + 1]]
        if len(lengths) > MOST_UNEVEN and len(set(lengths[:-1])) > 1:
            continue  # 1 3 4 5 6 7 8 10 11 are months: nobody writes one number in so many uneven pieces
        cue = before if first == 0 else shadow[max(0, groups[first][0] - LOOK) : groups[first][0]]
        hit = _hit(shadow, (groups[first][0], groups[place][1]), number, lengths, cue)
        if hit:
            return hit, place
    return None


def _hit(shadow: str, span: tuple[int, int], digits: str, lengths: list[int], before: str) -> Hit | None:
    start, end = span
    check = _CHECK_X.match(shadow, end)
    ordered = bool(ORDER.search(before))
    if check and len(digits) == 17 and is_identity_form(digits + "X"):
        return Hit(start, check.end(), "identity")
    if _is_person_number(digits, ordered=ordered, ticket=_ticket(before)):
        return Hit(start, end, "identity")
    # A bank can live without an order number, not with a telephone or a card that stands behind the word for one.
    if _is_mobile(digits):
        return Hit(start - _prefix(shadow, start), end, "mobile")
    if _landline(digits, lengths, before) and (len(lengths) > 1 or not ordered):
        return Hit(*_landline_span(shadow, start, end), "landline")
    if ordered or _DEVICE.search(before):
        return Hit(start, end, "card") if ordered and is_card(digits) else None
    return _account(shadow, span, digits, before)


def _ticket(before: str) -> bool:
    """Stand two letters right before the digits, as in GD2023…? Then it is a ticket rather than an identity card."""
    return bool(re.search("[A-Za-z]{2}$", before))


def _is_person_number(digits: str, *, ordered: bool, ticket: bool) -> bool:
    if is_identity(digits):
        return True
    # A mistyped check digit is far likelier than another number with a region and a date of birth in place.
    return not ordered and not ticket and len(digits) in (15, 18) and is_identity_form(digits)


def is_identity(number: str) -> bool:
    """Is it an 18-digit identity number with a right check digit? Source: GB 11643-1999, ISO 7064 MOD 11-2."""
    if len(number) != 18 or not is_identity_form(number):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return "10X98765432"[total % 11] == number[17].upper()


def is_identity_form(number: str) -> bool:
    """A region and a date of birth in their places; 15 digits are the form before 1999, all born in 19…"""
    born = number[6:14] if len(number) == 18 else "19" + number[6:12]
    if number[:2] not in REGIONS or not "1880" <= born[:4] <= "2099":
        return False
    month, day = int(born[4:6]), int(born[6:8])
    return 1 <= month <= 12 and 1 <= day <= (29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31)


def is_luhn(digits: str) -> bool:
    """Does the check digit hold? Source: ISO/IEC 7812-1, Annex B."""
    odd = sum(map(int, digits[-1::-2]))
    return (odd + sum(_DOUBLED[int(digit)] for digit in digits[-2::-2])) % 10 == 0


def is_card(digits: str) -> bool:
    """Is it a bank card beyond doubt: its length, a bank's or a scheme's first digits, its check digit?"""
    return 13 <= len(digits) <= 19 and bool(BANK.match(digits)) and is_luhn(digits)


def _is_mobile(digits: str) -> bool:
    """Is it a mainland mobile number, with or without 86 or 0 before it?"""
    return bool(_MOBILE.match(digits))


def _prefix(shadow: str, start: int) -> int:
    match = _COUNTRY.search(shadow[max(0, start - 8) : start])
    return len(match[0]) if match else 0


def _landline(digits: str, lengths: list[int], before: str) -> bool:
    if digits.startswith("86") and len(digits) > 11:
        digits = "0" + digits[2:].lstrip("0")
    if _AREA_WHOLE.match(digits) or (_AREA_SAID.match(digits) and CALL.search(before)):
        return len(lengths) == 1 or lengths[0] in (2, 3, 4) or max(lengths) <= 2
    # Without an area code only after a cue; 400…, 800…, 1010… and 95… are the banks' own lines and stay.
    local = len(digits) in (7, 8) and digits[0] in "2345678" and not digits.startswith(("400", "800"))
    return local and bool(_AREA_BEFORE.search(before) or CALL.search(before))


def _landline_span(shadow: str, start: int, end: int) -> tuple[int, int]:
    area = _AREA_BEFORE.search(shadow[max(0, start - 8) : start])
    extension = _EXTENSION.match(shadow, end)
    return start - (len(area[0]) if area else 0), extension.end() if extension else end


def _account(shadow: str, span: tuple[int, int], digits: str, before: str) -> Hit | None:
    start, end = span
    size = len(digits)
    cued = bool(_ACCOUNT.search(before) or _ACCOUNT_AFTER.match(shadow, end, end + LOOK))
    if is_card(digits) or (13 <= size <= 19 and _issuer(digits) and is_luhn(digits)):
        return Hit(start, end, "card")
    if 16 <= size <= 19 and digits.startswith("62"):  # UnionPay's own numbers: a mistyped card is still a card
        return Hit(start, end, "card")
    if (
        cued
        and not _DATE.match(digits)
        and 9 <= size <= 19
        and not AMOUNT.match(shadow, end)
        and not digits.startswith(("400", "800"))
    ):
        return Hit(start, end, "account")
    return None


def _issuer(digits: str) -> bool:
    """Could a card begin like this? 20230511… is a date before it is anybody's card."""
    return digits[0] in "34569" or digits[:2] in {"22", "23", "24", "25", "26", "27", "81"}
