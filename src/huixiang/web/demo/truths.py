"""What does the simulation know to be true of a voice? Beside the exports; the product itself never reads it."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from huixiang.apps.feedback.facts import lake

CHANNELS = {"website/messages.json": "website", "suggestions/slips.jsonl": "suggestion_box"}  # those of a branch
Truth = dict[str, Any]


def of_branches(exports: Path) -> dict[tuple[str, str], Truth]:
    """Channel and the source's own number → what the simulation wrote of it."""
    with (exports / "truth-voices.jsonl").open(encoding="utf-8") as lines:
        every = [json.loads(line) for line in lines]
    return {(CHANNELS[truth["file"]], truth["id"]): truth for truth in every if truth["file"] in CHANNELS}


def of_voices(exports: Path, ids: Collection[str]) -> dict[str, Truth]:
    """Voice id → what is true of it, for those whose truth is known."""
    known = of_branches(exports)
    rows = lake().rows("voices", ids).select(["id", "channel", "source_id"]).to_pylist()
    found = {row["id"]: known.get((row["channel"], row["source_id"])) for row in rows}
    return {id: truth for id, truth in found.items() if truth}
