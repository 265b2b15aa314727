"""Does the world still look as it did when the model was trained? Its newest labels against the card's first ones.

Two measures, none of them of mistakes: that what is said has moved. Whether the model errs more often, only new labels
can tell. The limit .25 is custom among those who watch scorecards (Siddiqi 2006), not a test; the chi-square says
whether chance alone would move as much.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from huixiang.apps.annotation import cards, evaluating
from huixiang.apps.annotation.models import Activation, Drift, ModelVersion, Task
from huixiang.channels.contract import Fault
from huixiang.domain.statistics import chi_square, stability_index
from huixiang.lake import questions

LIMIT = 0.25  # of the stability index
CHANCE = 0.01
FEWEST = 200  # voices in each of the two samples, below which nothing is said


def watch() -> int:
    """The nightly round's part: measure what reads now; of how many models?"""
    watched = 0
    for task in Task:
        standing = Activation.objects.in_force(task)
        if standing and standing.version:
            try:
                Drift.objects.create(version=standing.version, found=measured(standing.version))
            except Fault:
                continue  # its file is broken: the models' page says so
            watched += 1
    return watched


def measured(version: ModelVersion) -> dict[str, Any]:
    """The shares of the last thirty days' newest voices against those of the card, with the verdict."""
    first = version.card["reference"]
    now = cards.said(evaluating.loaded(version), cards.newest(version.task, _last_month()))
    return {"first": first, "now": now} | judged(first, now)


def judged(first: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """few: too little to say; moved: beyond the limit and beyond chance; else unproven."""
    if min(first["n"], now["n"]) < FEWEST:
        return {"verdict": "few", "index": None, "sure_index": None, "chance": None}
    labels = sorted({*first["labels"], *now["labels"]})
    before, after = ([each["labels"].get(label, 0) for label in labels] for each in (first, now))
    index, sure = stability_index(before, after), stability_index(first["bins"], now["bins"])
    chances = [chi_square(before, after), chi_square(first["bins"], now["bins"])]
    # Two looks at once: each must pass half the level (Bonferroni), and the limit in the same measure.
    moved = any(
        far > LIMIT and chance is not None and chance <= CHANCE / 2
        for far, chance in zip((index, sure), chances, strict=True)
    )
    known = [chance for chance in chances if chance is not None]
    return {
        "verdict": "moved" if moved else "unproven",
        "index": round(index, 3),
        "sure_index": round(sure, 3),
        "chance": round(min(1.0, 2 * min(known)), 4) if known else None,
    }


def latest(version: ModelVersion) -> Drift | None:
    return version.drifts.first()


def _last_month() -> questions.Slice:
    today = timezone.localdate()
    return questions.Slice(since=today - timedelta(days=30), until=today)
