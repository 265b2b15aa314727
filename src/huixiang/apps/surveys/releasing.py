"""How do anonymous answers leave one by one, and none is known by what stands beside it? In whole portions.

What a colleague knows of a customer stands beside the answer too: her branch, tier, weight (by her invitation), way,
week, language. So much of it is told as all of her portion have in common (portioned.py); the choice is looked up in
what is told. An answer leaves where the result page tells it with just as much beside it: so file and page differ by
whole portions, as two files do, and two pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from huixiang.apps.surveys.joint import choosing
from huixiang.apps.surveys.portioned import TRAITS, items
from huixiang.apps.surveys.remembered import Told, told
from huixiang.apps.surveys.result_cells import Asked, Choice
from huixiang.domain.surveys.portions import Portion
from huixiang.lake.store import Lake

BESIDE = ("via", "language", "answered_on")  # told where it is the same for a whole portion
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Release:
    """What leaves: of each response (by its id) what is told beside it, and of each item whose answers are."""

    rows: Mapping[str, Row]
    places: Mapping[str, int]
    told: Mapping[tuple[str, str], np.ndarray]

    def row(self, response: Mapping[str, Any]) -> Row | None:
        """The response as it leaves; None where it waits, or what is told of it does not fit the choice."""
        shown = self.rows.get(response["id"])
        return None if shown is None else {**response, **shown}

    def holds(self, response: str, question: str, item: str) -> bool:
        """May this answer leave?"""
        tells = self.told.get((question, item))
        return tells is not None and bool(tells[self.places[response]])


def released(lake: Lake, it: Asked) -> Release:
    found = told(lake, it.survey)
    ids = found.people.responses["id"].to_pylist()
    rows: dict[str, Row] = {}
    fits = choosing(it)
    for (version, is_handed), groups in found.streams.items():
        if is_handed != it.choice.handed:
            continue
        for portion in (each for each in groups if fits(version, each.traits)):
            rows |= dict.fromkeys([ids[place] for place in portion.people], _beside(found, portion))
    return Release(rows, {id: place for place, id in enumerate(ids)}, _told_items(found))


def whole(it: Asked) -> Asked:
    """The same survey and reach, without a choice; in the words of the version that was chosen."""
    return replace(it, choice=Choice(handed=it.choice.handed))


def _beside(found: Told, portion: Portion) -> Row:
    known = dict(zip(TRAITS, portion.traits, strict=False))
    shared = found.people.responses.select(BESIDE).take(list(portion.people))
    same = {name: each[0] if len(each := shared[name].unique().to_pylist()) == 1 else None for name in BESIDE}
    return {
        "unit": known.get("unit"),
        "tier": known.get("tier", ""),
        "is_marked": known["is_marked"] == "1" if "is_marked" in known else None,
        "weight": float(found.weights[list(portion.people)].mean()),
        "via": same["via"],
        "language": same["language"],
        "answered_on": same["answered_on"] or known.get("month"),  # the week, else the month
    }


def _told_items(found: Told) -> dict[tuple[str, str], np.ndarray]:
    """Of each item the places whose answers the page tells with as much beside them as the row has."""
    kept: dict[tuple[str, str], np.ndarray] = {}
    traits = found.traits()
    for rows in items(found.people):
        key = rows["question"][0].as_py(), rows["item"][0].as_py()
        who = np.zeros(len(found), bool)
        who[rows["place"].to_numpy()] = True
        tells = kept.setdefault(key, np.zeros(len(found), bool))
        for portion in (one for groups in found.again(who).values() for one in groups):
            if all(traits[place] == portion.traits for place in portion.people):
                tells[list(portion.people)] = True
    return kept
