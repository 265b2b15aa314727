"""Which personal data do customers leave, and in which forms? All of it made up, and where there is room, nobody's.

Ranges that belong to nobody, as far as public plans tell: identity numbers of a county 99 in a prefecture 99 (GB/T 2260
has none), mobile numbers that begin 154, 161, 163, 164 or 169, landlines behind 026, 061x, 064x and 065x, plates of
Ningxia, Qinghai and Hainan with letters that no city there has, mail at the names of RFC 2606. For bank cards nobody
publishes what is free: 620000 is what payment services hand out for tests. Names and addresses are drawn at random.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from huixiang.simulation.speech.draft import Draft
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.material import DATA, read
from huixiang.simulation.speech.pattern import Pattern

KINDS = ("mobile", "identity", "card", "name", "address", "email", "plate", "landline")
UNALLOTTED = ("154", "161", "163", "164", "169")  # not given to any operator
_NOBODYS_COUNTY, _NOBODYS_LETTERS, _TEST_CARDS = "9999", "KLMNPQRSTUVWXY", "620000"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_WIDE = str.maketrans("0123456789X@.-", "０１２３４５６７８９Ｘ＠．－")
_SPELLED = str.maketrans("0123456789", "零一二三四五六七八九")
_SPOKEN = str.maketrans("0123456789", "〇幺二三四五六七八九")


@dataclass(frozen=True, slots=True)
class Stock:
    """What are names, addresses and numbers put together from?"""

    leads: Mapping[str, tuple[Pattern, ...]]
    there: Mapping[str, tuple[Pattern, ...]]  # besides, of a visit to an outlet
    formal: Mapping[str, tuple[Pattern, ...]]
    aloud: Mapping[str, tuple[Pattern, ...]]
    weights: tuple[tuple[str, float], ...]
    parts: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=4)
def stock(folder: Path = DATA) -> Stock:
    """The parts as read from data/ways/personal.toml."""
    source, written = read(folder / "ways" / "personal.toml")
    leads, there, formal, aloud = (
        {kind: source.patterns(ways, frozenset(KINDS), marks=False) for kind, ways in written[part].items()}
        for part in ("leads", "there", "formal", "aloud")
    )
    return Stock(
        leads,
        there,
        formal,
        aloud,
        tuple(written["weights"].items()),
        {name: tuple(of) for name, of in written["stock"].items()},
    )


def plant(hand: Hand, draft: Draft, of: Stock, guise: str = "typed", *, at_outlet: bool = False) -> None:
    """Leave personal data at this place, with the words people lead it in with.

    What a clerk writes down (`guise` formal) and what is spoken has the plain form. Who speaks of an outlet may name
    who served there.
    """
    leads = {"formal": of.formal, "spoken": of.aloud}.get(guise, of.leads)
    plain = leads is not of.leads
    weights = [pair for pair in of.weights if pair[0] in leads]
    kind = hand.weighted(weights)
    more = of.there.get(kind, ()) if at_outlet and not plain else ()
    for text, is_slot, _ in hand.pick(leads[kind] + more).parts:
        if not is_slot:
            draft.add(text)
            continue
        value = _VALUES[text](hand, of)
        draft.plant(text, value, value if plain else _written(hand, text, value))


def _written(hand: Hand, kind: str, value: str) -> str:
    """Two in three write it plainly; the rest use spaces, full width or characters, as people do to dodge filters."""
    forms = _FORMS.get(kind)
    return hand.pick(forms)(value) if forms and hand.chance(0.35) else value


def identity_check(digits: str) -> str:
    """Which check digit follows these 17? Source: GB 11643-1999, ISO 7064 MOD 11-2."""
    return "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 11]


def card_check(digits: str) -> str:
    """Which check digit follows these? Source: ISO/IEC 7812-1, Annex B (Luhn)."""
    doubled = (int(digit) * 2 for digit in digits[-1::-2])
    return str(-(sum(two // 10 + two % 10 for two in doubled) + sum(map(int, digits[-2::-2]))) % 10)


def name(hand: Hand, of: Stock) -> str:
    """What is this person called? Seldom a surname of two characters, oftener a given name of two than of one."""
    surname = hand.pick(of.parts["compound"] if hand.chance(0.02) else of.parts["surnames"])
    given = of.parts["given"]
    return surname + hand.pick(given) + (hand.pick(given) if hand.chance(0.7) else "")


def _mobile(hand: Hand, _: Stock) -> str:
    return hand.pick(UNALLOTTED) + hand.digits(8)


def _identity(hand: Hand, of: Stock) -> str:
    born = f"{hand.number(1938, 2006)}{hand.number(1, 12):02d}{hand.number(1, 28):02d}"
    digits = hand.pick(of.parts["provinces"]) + _NOBODYS_COUNTY + born + hand.digits(3)
    return digits + identity_check(digits)


def _card(hand: Hand, _: Stock) -> str:
    digits = _TEST_CARDS + hand.digits(9 if hand.chance(0.3) else 12)
    return digits + card_check(digits)


def _address(hand: Hand, of: Stock) -> str:
    place = hand.pick(of.parts["cities"]) + hand.pick(of.parts["districts"]) if hand.chance(0.8) else ""
    if hand.chance(0.6):
        door = f"{hand.pick(of.parts['roads'])}{hand.number(1, 399)}号"
        return f"{place}{door}{hand.number(1, 30)}栋{hand.number(101, 2804)}室" if hand.chance(0.6) else place + door
    rooms = f"{hand.number(1, 36)}号楼{hand.number(1, 6)}单元{hand.number(101, 1803)}"
    return f"{place}{hand.pick(of.parts['estates'])}{rooms}{'室' if hand.chance(0.6) else ''}"


def _email(hand: Hand, of: Stock) -> str:
    return f"{hand.pick(of.parts['mailnames'])}{hand.digits(hand.number(2, 5))}@{hand.pick(of.parts['domains'])}"


def _plate(hand: Hand, of: Stock) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return hand.pick(of.parts["plates"]) + hand.pick(_NOBODYS_LETTERS) + hand.pick(letters) + hand.digits(4)


def _landline(hand: Hand, of: Stock) -> str:
    area = hand.pick(of.parts["areas"])
    size = 8 if len(area) == 3 or hand.chance(0.5) else 7
    return f"{area}-{hand.pick('2345678')}{hand.digits(size - 1)}"


def _grouped(size: int, first: int, gap: str) -> Callable[[str], str]:
    def spaced(value: str) -> str:
        rest = [value[at : at + size] for at in range(first, len(value), size)]
        return gap.join([value[:first], *rest])

    return spaced


def _hidden(value: str) -> str:
    return value[:3] + "****" + value[-4:]


_VALUES: Mapping[str, Callable[[Hand, Stock], str]] = {
    "mobile": _mobile,
    "identity": _identity,
    "card": _card,
    "name": name,
    "address": _address,
    "email": _email,
    "plate": _plate,
    "landline": _landline,
}
_FORMS: Mapping[str, tuple[Callable[[str], str], ...]] = {
    "mobile": (
        _grouped(4, 3, " "),
        _grouped(4, 3, "-"),
        lambda value: value.translate(_WIDE),
        lambda value: value.translate(_SPELLED),
        lambda value: value.translate(_SPOKEN),
        lambda value: "+86 " + value,
        _hidden,
    ),
    "identity": (_grouped(4, 6, " "), lambda value: value.translate(_WIDE), str.lower),
    "card": (_grouped(4, 4, " "), _grouped(4, 4, "-"), lambda value: value.translate(_WIDE)),
    "email": (lambda value: value.replace("@", " at "), lambda value: value.replace("@", "＠"), str.upper),
    "plate": (lambda value: value[:2] + "·" + value[2:], lambda value: value[:2] + " " + value[2:], str.lower),
    "landline": (
        lambda value: value.replace("-", ""),
        lambda value: value.replace("-", " "),
        lambda value: "({}){}".format(*value.split("-")),
        lambda value: value.translate(_WIDE),
    ),
    "address": (lambda value: value.translate(_WIDE), lambda value: value.replace("栋", "-").replace("室", "")),
}
