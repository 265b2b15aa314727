"""Which words of a voice does a task's model read? Its normal form; of opinions what was said, as people mark it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from huixiang.apps.annotation.models import Task
from huixiang.lake.questions import Candidate

COLUMNS = ("searchable", "title", "text")  # of a voice, that `read_by` needs


def said(title: str, text: str) -> str:
    """Title and masked text in one, as they were understood: places of marks are counted in it."""
    return f"{title}\n{text}" if title else text


def marked(voice: Candidate) -> str:
    """What is marked of a voice."""
    return said(voice.title, voice.text)


def read_by(task: str, row: Mapping[str, Any]) -> str:
    """What the model of a task reads of a row with COLUMNS."""
    return said(row["title"], row["text"]) if task == Task.OPINIONS else str(row["searchable"])
