"""Is the demonstration whole? `huixiang demo` on a small bank: all that it imports is there, and once."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation.models import Label
from huixiang.apps.feedback.models import Import, Quarantined
from huixiang.apps.intake.models import PostBox
from huixiang.apps.needs.models import Need
from huixiang.apps.sources.models import Source
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions.hotline import calls
from huixiang.lake.questions.slices import ask
from huixiang.lake.store import Lake
from huixiang.web.commands import demo

UNREAD = {
    Channel.FOCUS_GROUP,
    Channel.OTHER,
}  # the first waits for its own part of the product; nothing is of the other


def filled(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    demo.add_arguments(parser)
    return demo.run(parser.parse_args(arguments))


def counted(lake: Lake) -> Counter[str]:
    """Voices of each channel, calls, imports and what they keep aside, boxes, people, needs, labels."""
    found = Counter(str(voice.channel) for voice in questions.stream(lake, questions.Slice()))
    found["calls"] = len(ask(lake, calls(lake).select("voice")))
    return found + Counter(
        {model.__name__: model.objects.count() for model in (Import, Quarantined, PostBox, Staff, Need, Label, Source)}
    )


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_demonstration_has_voices_of_every_channel_and_a_second_run_adds_none(
    lake: Lake, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    settings.DATA_DIR = tmp_path
    monkeypatch.setenv("HUIXIANG_SHARED", str(tmp_path / "nothing"))
    assert filled("--branches", "4", "--months", "1") == 0
    assert demo.PASSWORD in capsys.readouterr().out, "who can log in"
    before = counted(lake)
    assert all(before[channel] for channel in Channel if channel not in UNREAD), before
    assert before["calls"] > 1000
    assert all(imported.state == "finished" for imported in Import.objects.all())
    assert Import.objects.filter(file_name="mails.mbox").exists()
    assert before["Quarantined"] == 2, "the store's two rows that cannot be read"
    assert filled("--branches", "4", "--months", "1") == 0
    assert counted(lake) == before
