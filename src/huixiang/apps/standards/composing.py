"""How does what was said in the form become a standard, and a standard what the form shows?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huixiang.domain.standards.catalogue import plain
from huixiang.domain.standards.reading import read
from huixiang.domain.standards.saying import BadStandard, Mistake
from huixiang.domain.standards.values import (
    Aim,
    Appraisal,
    Checklist,
    Clock,
    ClockUnit,
    Governs,
    Item,
    Owner,
    Phrase,
    Scale,
    Scope,
    Span,
    Stage,
    Standard,
    Trust,
    Wording,
)
from huixiang.domain.standards.writing import span_text, write

_APART = "、，；;"


def shown(standard: Standard) -> dict[str, Any]:
    """Field → what stands in it."""
    same = ("code", "title", "english", "source", "note", "effective_from", "effective_until")
    said: dict[str, Any] = {name: getattr(standard, name) for name in same}
    said["weight"] = plain(standard.weight)
    said |= {"governs": standard.governs.value, "trust": standard.trust.value}
    said |= {"unit": standard.owner.unit, "post": standard.owner.post, "taught_by": ", ".join(standard.taught_by)}
    scope = standard.scope
    said |= {name: ", ".join(sorted(getattr(scope, name))) for name in ("branch_kinds", "services", "tiers")}
    said["hours"] = ", ".join(map(span_text, scope.hours))
    if aim := standard.aim:
        pairs = ", ".join(f"{name} = {plain(value)}" for name, value in aim.parameters)
        said |= {
            "measure": aim.measure,
            "target": plain(aim.target),
            "tolerance": plain(aim.tolerance),
            "parameters": pairs,
        }
    if clock := standard.clock:
        said |= {"clock": clock.of, "clock_amount": clock.amount, "clock_unit": clock.unit.value}
    if line := standard.appraisal:
        said |= {"line": line.line, "line_weight": plain(line.weight)}
    if standard.checklist:
        said["items"] = "\n".join(map(_line, standard.checklist.items))
    if wording := standard.wording:
        said["phrases"] = "\n".join(map(_phrase_line, wording.phrases))
        said["forbidden"] = "\n".join(map(_phrase_line, wording.forbidden))
    return said


def _line(item: Item) -> str:
    return " | ".join([str(item.points), item.text, item.english, *_marks(item)])


PHOTO, YES_NO, HINT, UNLESS = "拍照", "是否", "提示：", "除外："
STAGES = {"开头": Stage.OPENING, "结尾": Stage.CLOSING}


def _marks(item: Item) -> list[str]:
    """What stands behind the words of a line, each only where it is so."""
    marks = {PHOTO: item.photo, YES_NO: item.scale is Scale.YES_NO, HINT + item.hint: bool(item.hint)}
    return [mark for mark, is_so in marks.items() if is_so]


def _phrase_line(phrase: Phrase) -> str:
    stage = [name for name, each in STAGES.items() if each is phrase.stage]
    unless = [UNLESS + " / ".join(phrase.unless)] if phrase.unless else []
    return " | ".join([phrase.name, phrase.english, " / ".join(phrase.any_of), *stage, *unless])


def composed(said: Mapping[str, Any]) -> str:
    """The file of what was said. Raises BadStandard with each mistake by its key."""
    items = _items(said.get("items", ""))
    standard = Standard(
        code=said["code"].strip(),
        title=said["title"],
        english=said["english"],
        governs=Governs(said["governs"]),
        effective_from=said["effective_from"],
        effective_until=said.get("effective_until"),
        owner=Owner(said.get("unit", ""), said.get("post", "")),
        source=_flat(said["source"]),
        trust=Trust(said["trust"]),
        weight=said.get("weight") or 0.0,
        note=_flat(said.get("note", "")),
        scope=_scope(said),
        aim=_aim(said),
        checklist=Checklist(sum(item.points for item in items), items) if items else None,
        wording=_wording(said),
        clock=_clock(said),
        appraisal=Appraisal(said["line"], said.get("line_weight") or 0.0) if said.get("line") else None,
        taught_by=tuple(_list(said.get("taught_by", ""))),
    )
    text = write(standard)
    read(text)
    return text


def _flat(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _scope(said: Mapping[str, Any]) -> Scope:
    kinds, services, tiers = (frozenset(_list(said.get(name, ""))) for name in ("branch_kinds", "services", "tiers"))
    return Scope(kinds, services, tiers, tuple(map(_span, _list(said.get("hours", "")))))


def _span(text: str) -> Span:
    """Raises BadStandard."""
    try:
        (a, b), (c, d) = (map(int, each.replace("：", ":").split(":")) for each in text.split("-"))
    except ValueError:
        mistake = Mistake('时段要写成 ["09:00-12:00"]，前后不相接、不重叠，不过午夜', "scope.hours")
        raise BadStandard((mistake,)) from None
    return (a * 60 + b, c * 60 + d) if max(b, d) < 60 else (-1, -1)


def _aim(said: Mapping[str, Any]) -> Aim | None:
    if not said.get("measure"):
        return None
    return Aim(said["measure"], said.get("target") or 0.0, said.get("tolerance") or 0.0,
               tuple(sorted(map(_pair, _list(said.get("parameters", ""))))))  # fmt: skip


def _pair(text: str) -> tuple[str, float]:
    """Raises BadStandard."""
    name, _equals, number = text.partition("=")
    try:
        return name.strip(), float(number)
    except ValueError:
        mistake = Mistake("参数要写成 %(like)s", "measure.parameters", {"like": "minutes = 30"})
        raise BadStandard((mistake,)) from None


def _clock(said: Mapping[str, Any]) -> Clock | None:
    if not said.get("clock"):
        return None
    if not said.get("clock_amount"):
        raise BadStandard((Mistake("请写计时目标是多少", "clock.amount"),))
    return Clock(said["clock"], said["clock_amount"], ClockUnit(said["clock_unit"]))


def _items(text: str) -> tuple[Item, ...]:
    """Raises BadStandard."""
    return tuple(_item(line) for line in text.splitlines() if line.strip())


def _item(line: str) -> Item:
    points, *words = (part.strip() for part in line.replace("｜", "|").split("|"))
    text, english, *marks = [*words, "", ""][: max(2, len(words))]
    hints = [mark.removeprefix(HINT) for mark in marks if mark.startswith(HINT)]
    known = all(mark in {PHOTO, YES_NO} or mark.startswith(HINT) for mark in marks)
    if not points.isdecimal() or not text or not english or not known:
        params = {"like": "2 | 站立迎接 | Stand up to receive | 拍照"}
        raise BadStandard((Mistake("每行写成 %(like)s", "checklist.item", params),))
    scale = Scale.YES_NO if YES_NO in marks else Scale.LEVELS
    return Item(text, english, int(points), PHOTO in marks, scale, "".join(hints[:1]))


def _wording(said: Mapping[str, Any]) -> Wording | None:
    """Raises BadStandard."""
    phrases, forbidden = (
        tuple(_phrase(line, key) for line in said.get(name, "").splitlines() if line.strip())
        for name, key in (("phrases", "words.phrase"), ("forbidden", "words.forbidden"))
    )
    return Wording(phrases, forbidden) if phrases + forbidden else None


def _phrase(line: str, key: str) -> Phrase:
    parts = [part.strip() for part in line.replace("｜", "|").split("|")]
    name, english, any_of, *marks = [*parts, "", "", ""][: max(3, len(parts))]
    known = all(mark in STAGES or mark.startswith(UNLESS) for mark in marks)
    if not name or not english or not any_of or not known:
        params = {"like": "问候 | Greeting | 您好 / 早上好 | 开头 | 除外：您好像"}
        raise BadStandard((Mistake("每行写成 %(like)s", key, params),))
    stage = next((STAGES[mark] for mark in marks if mark in STAGES), Stage.ANYWHERE)
    unless = next((mark.removeprefix(UNLESS) for mark in marks if mark.startswith(UNLESS)), "")
    return Phrase(name, english, _sayings(any_of), _sayings(unless), stage)


def _sayings(text: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in text.replace("／", "/").split("/") if each.strip())


def _list(text: str) -> list[str]:
    for sign in _APART:
        text = text.replace(sign, ",")
    return list(dict.fromkeys(each.strip() for each in text.split(",") if each.strip()))
