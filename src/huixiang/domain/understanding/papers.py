"""Which papers name a person or a firm? Of forces, drivers, cars and firms; IBAN; days of birth."""

from __future__ import annotations

import re
from collections.abc import Iterator

from huixiang.domain.understanding.digits import Hit, is_identity

_IS = r"(?:编号|号码|号|码|id)?\s{0,2}(?:就?是|为|[:=])?\s{0,2}"
_END = "(?![A-Za-z0-9])"

_FORCES = re.compile(
    rf"(?:军官|士兵|士官|文职(?:干部)?|武警|军人|警官|警察|义务兵|离休|退休|学员)证件?{_IS}"
    r"([\u3400-\u9fff]{1,3}字?第?\s?[0-9]{4,8}号?|[0-9]{6,8}(?![0-9]))"
)
_DRIVING = re.compile(rf"(?:驾驶证|行驶证|驾照)?(?:档案{_IS}|(?<=[证照]){_IS})([0-9]{{12}}){_END}")
_CAR = re.compile(
    rf"(?:车架|大架|vin|车辆识别代?)(?:号码|号|码)?{_IS}([A-HJ-NPR-Z0-9]{{17}}){_END}|发动机{_IS}([A-Z0-9]{{6,14}}){_END}",
    re.IGNORECASE,
)
_ABODE = re.compile(rf"(?:永久?居留?|居留)证{_IS}([A-Z]{{3}}[0-9]{{12}}){_END}", re.IGNORECASE)
_TAIWAN = re.compile(rf"身[份分]证{_IS}([A-Z][12][0-9]{{8}}|[0157][0-9]{{6}}\([0-9]\)){_END}", re.IGNORECASE)
_PASS = re.compile(rf"通行证{_IS}([A-Z] [0-9]{{4}} [0-9]{{4}}){_END}", re.IGNORECASE)

# Firms: 18 signs with a check sign (GB 32100-2015), 15 digits or 8-1 after the word; a trader's is her own.
_FIRM = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_FIRM_FORM = re.compile(rf"(?<![A-Za-z0-9])[159NY][1239](?: ?[{_FIRM}]){{16}}{_END}", re.IGNORECASE)
_FIRM_CUE = re.compile(
    rf"(?:信用代码|税号|纳税人识别号|营业执照|注册号|工商号){_IS}([0-9A-HJ-NPQRTUWXY]{{15}}(?:[0-9A-Z]{{3}})?){_END}|"
    rf"(?:组织机构代码|机构代码)证?{_IS}([0-9A-Z]{{8}}-?[0-9X]){_END}",
    re.IGNORECASE,
)
_IBAN = re.compile(rf"(?<![A-Za-z0-9])[A-Z]{{2}}[0-9]{{2}}(?: ?[A-Z0-9]){{11,30}}{_END}", re.IGNORECASE)

_DAY = (
    r"(?:(?:1[89]|20)[0-9]{2}|(?<![0-9])[0-9]{2}(?=年))"
    r"[ ]?(?:年|[-/.])[ ]?[0-9]{1,2}[ ]?(?:月|[-/.])[ ]?[0-9]{1,2}[日号]?|"
    r"(?<![0-9])(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?![0-9])|"
    r"[一二][〇○零一二三四五六七八九]{3}年[一二三四五六七八九十]{1,2}月[一二三四五六七八九十]{1,3}[日号]"
)
_BORN = re.compile(
    rf"(?:生日|出生(?:日期|年月日|年月|于)?|生于|dob|date of birth|birthday|birth)\s{{0,2}}"
    rf"(?:就?是|为|在|[:=])?\s{{0,2}}({_DAY})|"
    rf"({_DAY})\s?(?:出生|生(?:人|的|日|于)|生(?![\u3400-\u9fff]))",
    re.IGNORECASE,
)


def paper_hits(shadow: str) -> Iterator[Hit]:
    """Numbers of papers after the word for them; of firms also by their check sign."""
    for cue in (_FORCES, _DRIVING, _CAR, _ABODE, _TAIWAN, _PASS):
        for match in cue.finditer(shadow):
            yield Hit(*match.span(match.lastindex or 0), "permit")
    for match in _FIRM_CUE.finditer(shadow):
        yield Hit(*match.span(match.lastindex or 0), "firm")
    for match in _FIRM_FORM.finditer(shadow):
        code = match[0].replace(" ", "").upper()
        if is_firm(code) and not is_identity(code):  # some numbers pass both checks
            yield Hit(*match.span(), "firm")
    for match in _IBAN.finditer(shadow):
        if is_iban(match[0].replace(" ", "").upper()):
            yield Hit(*match.span(), "account")


def birth_hits(shadow: str) -> Iterator[Hit]:
    """The day somebody was born, after 生日, 出生 or before 生: with a name it is enough to find a person."""
    for match in _BORN.finditer(shadow):
        yield Hit(*match.span(match.lastindex or 0), "birth")


def is_firm(code: str) -> bool:
    """Is it a unified social credit code with a right check sign? Source: GB 32100-2015."""
    if len(code) != 18 or not set(code) <= set(_FIRM):
        return False
    total = sum(_FIRM.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _FIRM[-total % 31] == code[17]


def is_iban(code: str) -> bool:
    """Is it an international account number? Source: ISO 13616, ISO 7064 MOD 97-10."""
    if not 15 <= len(code) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1
