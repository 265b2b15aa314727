"""How is a standard written down, always in the same way? Reading what is written gives the same standard again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from huixiang.domain.standards.catalogue import plain
from huixiang.domain.standards.values import Checklist, Phrase, Scale, Scope, Span, Stage, Standard


def write(standard: Standard) -> str:
    """The whole file, keys in a fixed order, what is empty left out."""
    return "\n".join(_lines(standard)) + "\n"


def _lines(standard: Standard) -> Iterator[str]:
    for key in ("code", "title", "english"):
        yield f"{key} = {_text(getattr(standard, key))}"
    yield f"governs = {_text(standard.governs)}"
    yield f"effective_from = {standard.effective_from.isoformat()}"
    if standard.effective_until:
        yield f"effective_until = {standard.effective_until.isoformat()}"
    if standard.weight:
        yield f"weight = {plain(standard.weight)}"
    yield f"source = {_text(standard.source)}"
    yield f"trust = {_text(standard.trust)}"
    if standard.note:
        yield f"note = {_text(standard.note)}"
    if standard.taught_by:
        yield f"taught_by = {_list(standard.taught_by)}"
    yield from _section("owner", {"unit": standard.owner.unit, "post": standard.owner.post})
    yield from _scope(standard.scope)
    yield from _parts(standard)


def _parts(standard: Standard) -> Iterator[str]:
    if aim := standard.aim:
        yield from ("", "[measure]", f"code = {_text(aim.measure)}", f"target = {plain(aim.target)}")
        if aim.tolerance:
            yield f"tolerance = {plain(aim.tolerance)}"
        if aim.parameters:
            yield f"parameters = {{ {', '.join(f'{name} = {plain(value)}' for name, value in aim.parameters)} }}"
    if clock := standard.clock:
        yield from ("", "[clock]", f"of = {_text(clock.of)}", f"amount = {clock.amount}", f"unit = {_text(clock.unit)}")
    if line := standard.appraisal:
        yield from ("", "[appraisal]", f"line = {_text(line.line)}", f"weight = {plain(line.weight)}")
    if standard.checklist:
        yield from _checklist(standard.checklist)
    if wording := standard.wording:
        for name, phrases in (("phrase", wording.phrases), ("forbidden", wording.forbidden)):
            for phrase in phrases:
                yield from _phrase(name, phrase)


def _scope(scope: Scope) -> Iterator[str]:
    lists = {key: _list(sorted(getattr(scope, key))) for key in ("branch_kinds", "services", "tiers")}
    lists["hours"] = _list(map(span_text, scope.hours))
    if said := [f"{key} = {text}" for key, text in lists.items() if text != "[]"]:
        yield from ("", "[scope]", *said)


def _checklist(checklist: Checklist) -> Iterator[str]:
    yield from ("", "[checklist]", f"points = {checklist.points}")
    for item in checklist.items:
        yield from ("", "[[checklist.item]]", f"text = {_text(item.text)}", f"english = {_text(item.english)}")
        yield f"points = {item.points}"
        if item.photo:
            yield "photo = true"
        if item.scale is not Scale.LEVELS:
            yield f"scale = {_text(item.scale)}"
        if item.hint:
            yield f"hint = {_text(item.hint)}"


def _phrase(name: str, phrase: Phrase) -> Iterator[str]:
    yield from ("", f"[[words.{name}]]", f"name = {_text(phrase.name)}", f"english = {_text(phrase.english)}")
    yield f"any_of = {_list(phrase.any_of)}"
    if phrase.unless:
        yield f"unless = {_list(phrase.unless)}"
    if phrase.stage is not Stage.ANYWHERE:
        yield f"stage = {_text(phrase.stage)}"


def _section(name: str, texts: dict[str, str]) -> Iterator[str]:
    if said := [f"{key} = {_text(text)}" for key, text in texts.items() if text]:
        yield from ("", f"[{name}]", *said)


def span_text(span: Span) -> str:
    """09:00-12:00.

    >>> span_text((540, 720))
    '09:00-12:00'
    """
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in span)


def _list(words: Iterable[str]) -> str:
    return f"[{', '.join(map(_text, words))}]"


def _text(text: str) -> str:
    return json.dumps(str(text), ensure_ascii=False)
