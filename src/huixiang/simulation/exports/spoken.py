"""What is true of the texts? One line a voice beside the exports: topics, feeling, kind, spans, personal data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from huixiang.simulation.events.voices import Said


def write(folder: Path, filed: Iterable[tuple[str, Iterable[tuple[str, Said]]]]) -> Path:
    """`truth-voices.jsonl`: for each file its voices by the number they bear there."""
    path = folder / "truth-voices.jsonl"
    with path.open("w", encoding="utf-8") as out:
        for file, told in filed:
            for number, voice in told:
                truth = {"file": file, "id": number, "score": round(voice.score, 2), **asdict(voice.utterance)}
                out.write(json.dumps(truth, ensure_ascii=False) + "\n")
    return path
