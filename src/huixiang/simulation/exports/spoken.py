"""What is true of the texts? One line a voice beside the exports: topics, feeling, kind, spans, personal data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from huixiang.simulation.events.voices import Said


def write(folder: Path, filed: Iterable[tuple[str, Iterable[tuple[str, Said]]]]) -> Path:
    """`truth-voices.jsonl`: for each file its voices by the number they bear there."""
    path = folder / "truth-voices.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for file, told in filed:
            for number, voice in told:
                truth = {"file": file, "id": number, "score": round(voice.score, 2), **_fields(voice.utterance)}
                out.write(json.dumps(truth, ensure_ascii=False, default=_fields) + "\n")
    return path


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a value, not of those within it: the writer asks for theirs in turn."""
    return {one.name: getattr(value, one.name) for one in fields(value)}
