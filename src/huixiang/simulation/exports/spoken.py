"""What is true of the texts? One line a voice beside the exports: topics, feeling, kind, spans, personal data."""

from __future__ import annotations

import json
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO

# In this order the files' truths stand; what follows a name here (a call of each transcript) is in order of writing.
FILES = (
    "reviews/app-store.json",
    "reviews/应用市场评论.csv",
    "website/messages.json",
    "website/mails.mbox",
    "social/posts.jsonl",
    "suggestions/slips.jsonl",
    "groups",
    "surveys/答卷.csv",
    "hotline/transcripts",
    "complaints/投诉登记簿.csv",
)


class Truths:
    """`truth-voices.jsonl`: for each file its voices by the number they bear there; put aside by file until the end."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.rows = folder, 0
        self._parts: dict[str, IO[bytes]] = {}

    def add(self, file: str, number: str, truth: str) -> None:
        """One voice; `truth` is a JSON object, which is told which file and number it is of."""
        part = file if file in FILES else file.rpartition("/")[0]
        if part not in self._parts:
            self._parts[part] = TemporaryFile(dir=self._folder)  # noqa: SIM115  closed in `close`
        where = json.dumps({"file": file, "id": number}, ensure_ascii=False)
        self._parts[part].write(f"{where[:-1]}, {truth[1:]}\n".encode())
        self.rows += 1

    def close(self) -> Path:
        """Write the file. A part that is written gives its room on the disk back."""
        path = self._folder / "truth-voices.jsonl"
        with path.open("wb") as out:
            for name in FILES:
                if part := self._parts.pop(name, None):
                    with part:
                        part.seek(0)
                        copyfileobj(part, out)
        return path
