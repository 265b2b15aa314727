"""What is different between two versions? Place by place, so that a person sees what a customer is asked otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from huixiang.domain.surveys.plain import to_plain
from huixiang.domain.surveys.questionnaire import Questionnaire

ABSENT = None


@dataclass(frozen=True, slots=True)
class Change:
    """One place that is new, gone, moved or otherwise. The values are as JSON holds them."""

    kind: str  # "questionnaire", "section", "question", "skip", "quota"
    place: str  # its code; of a skip its number
    field: str  # "": the whole of it
    before: Any = ABSENT
    after: Any = ABSENT

    @property
    def deed(self) -> str:
        """added, removed or changed."""
        if self.before is ABSENT:
            return "added"
        return "removed" if self.after is ABSENT else "changed"


def changes(before: Questionnaire, after: Questionnaire) -> tuple[Change, ...]:
    """All changes from the one to the other; none: they are the same."""
    return tuple(_between(_places(to_plain(before)), _places(to_plain(after))))


_Places = dict[tuple[str, str], dict[str, Any]]


def _between(before: _Places, after: _Places) -> Iterator[Change]:
    for key in [*after, *(gone for gone in before if gone not in after)]:
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            yield Change(*key, "", old, new)
            continue
        for field in dict.fromkeys((*old, *new)):
            if old.get(field) != new.get(field):
                yield Change(*key, field, old.get(field), new.get(field))


def _places(plain: dict[str, Any]) -> _Places:
    """Each place with what is said of it; of the order, what stands before it."""
    places: _Places = {("questionnaire", ""): {name: plain.get(name) for name in _WHOLE if plain.get(name)}}
    for section in plain["sections"]:
        told = {name: value for name, value in section.items() if name not in ("questions", "code")}
        asked = [question["code"] for question in section["questions"]]
        places["section", section["code"]] = {**told, "order": asked}
        for question in section["questions"]:
            places["question", question["code"]] = {name: value for name, value in question.items() if name != "code"}
    places["questionnaire", ""]["order"] = [section["code"] for section in plain["sections"]]
    for number, skip in enumerate(plain.get("skips", []), start=1):
        places["skip", str(number)] = skip
    for quota in plain.get("quotas", []):
        places["quota", quota["code"]] = {name: value for name, value in quota.items() if name != "code"}
    return places


_WHOLE = ("languages", "title", "welcome", "thanks")
