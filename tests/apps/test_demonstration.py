"""Does every page of the demonstration have something true to show? Two people labelled, and a mailbox is paused."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.annotation import agreeing, gathering
from huixiang.apps.annotation.models import Activation, EvaluationSet, Label, ModelVersion, Rereading, Settled
from huixiang.apps.focus import coded
from huixiang.apps.focus.models import Study, Theme
from huixiang.apps.sources.models import Source
from huixiang.domain.feedback import Channel
from huixiang.lake import questions
from huixiang.lake.questions import Slice
from huixiang.lake.store import Lake
from huixiang.simulation.speech import Speaker
from huixiang.web.demo import MAILBOX, labelling, mailbox, talks, trial
from huixiang.web.demo.working import work_off
from tests import make
from tests.apps import learning
from tests.browser import voices as made
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def exports(lake: Lake, tmp_path: Path) -> Path:
    """Voices of the website, and beside the exports what is true of them: every tenth is a contented wish."""
    said, truths = learning.sayings(90), list[dict[str, Any]]()
    days = [date(2026, 6, 1 + n % 28) for n in range(len(said))]
    fields: dict[str, Any] = {"channel": Channel.WEBSITE, "branch": "N11"}
    made.pour(lake, made.table([made.record(n, text, days[n], **fields) for n, (text, _) in enumerate(said)]))
    for n, (text, feeling) in enumerate(said):
        kind = {"negative": "pain_point", "positive": "expectation" if n % 10 == 9 else "praise"}[feeling]
        truth: dict[str, Any] = {"sentiment": feeling, "kind": kind}
        truth |= {"tone": "ironic" if n in (0, 60) else "plain", "text": text}
        parts = [opinion(text, *both) for both in (("排队", "太久"), ("柜员", "恶劣")) if both[1] in text]
        truth |= {"opinions": parts, "mentions": []}
        truths.append({"file": "website/messages.json", "id": f"v{n}", **truth})
    truths.append({"file": "surveys/答卷.csv", "id": "v1", "sentiment": "neutral", "kind": "noise", "tone": "plain"})
    (tmp_path / "truth-voices.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in truths), "utf-8")
    return tmp_path


def opinion(text: str, aspect: str, word: str) -> dict[str, Any]:
    places = {name: text.index(each) for name, each in (("aspect", aspect), ("opinion", word))}
    return {name: {"start": at, "end": at + 2} for name, at in places.items()}


@pytest.fixture
def people(bank: Bank) -> Staff:
    """The cast's number for number; who decides is the first."""
    make.staff("10004", bank.head_office, "analyst")
    make.staff("30001", bank.north, "complaint_handler")
    return make.staff("10001", bank.head_office, "quality_manager")


def test_two_of_the_demonstrations_people_label_and_differ_as_people_do(
    people: Staff, exports: Path, capsys: Any
) -> None:
    labelling.label_some(exports)
    labelling.label_some(exports)
    assert Label.objects.count() == AuditRecord.objects.filter(verb="label.give").count() == 90 * 2 * 5
    assert "90" in capsys.readouterr().out
    alpha = agreeing.agreement_of("sentiment").value
    assert alpha
    assert 0.7 < alpha < 1
    assert 0 < len(gathering.disputed("kind", people.number)) < 20
    assert {one.by["10004"] for one in gathering.disputed("opinions", people.number)} == {"aspect:0-2,opinion:3-4"}
    page = make.client(people).get("/labels/sentiment/disputes/")
    assert "30001" in page.content.decode()
    assert {version.task for version in ModelVersion.objects.all()} == {"sentiment", "kind", "opinions"}
    assert not EvaluationSet.objects.exists(), "what is locked could not be learned from, and here it was needed"


def test_what_they_agree_on_is_locked_and_a_model_reads_a_month_on_trial_however_often_it_is_broken_off(
    people: Staff, exports: Path, monkeypatch: pytest.MonkeyPatch, lake: Lake
) -> None:
    monkeypatch.setattr(labelling, "MEASURED", 30)
    labelling.label_some(exports)
    locked = EvaluationSet.current("sentiment")
    assert locked
    assert Settled.objects.filter(by=people).exists()
    (version,) = ModelVersion.objects.filter(task="sentiment")
    assert version.figures["n"] == locked.items.count()
    before = readings(lake)
    for step in range(3):  # killed at the first reading, then at the second
        monkeypatch.setattr(trial, "work_off", Dying(after=step))
        with suppress(KeyboardInterrupt):
            trial.read_on_trial()
    monkeypatch.setattr(trial, "work_off", work_off)
    trial.read_on_trial()
    assert [each.reason for each in Activation.objects.order_by("pk")] == [trial.TRIED, trial.TAKEN_BACK]
    assert Activation.objects.in_force("sentiment") is None, "the rules read"
    assert [of.finished_at is not None for of in Rereading.objects.all()] == [True, True]
    assert readings(lake) == before
    back, tried = Rereading.objects.all()
    assert version.label in tried.label
    assert version.label not in back.label
    page = make.client(people).get(f"/models/rereadings/{back.pk}/")
    assert "没有一条声音的判断与原来不同" not in page.content.decode()


class Dying:
    """A run that is killed after so many jobs."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, job: Job | None) -> bool:
        if not self.left:
            raise KeyboardInterrupt
        self.left -= 1
        return work_off(job)


def readings(lake: Lake) -> dict[str, str]:
    return {voice.id: f"{voice.sentiment} {voice.understood_by}" for voice in questions.stream(lake, Slice())}


def test_the_demonstrations_mailbox_waits_for_somebody_to_resume_it(bank: Bank, settings: Any) -> None:
    manager = make.staff("10001", bank.head_office, "quality_manager")
    settings.SOURCES = ["https://news.example"]
    mailbox.open_paused()
    assert not Source.objects.exists(), "the administrator's list decides, also here"
    settings.SOURCES = [MAILBOX]
    mailbox.open_paused()
    mailbox.open_paused()
    (source,) = Source.objects.all()
    assert (source.state, source.job) == ("paused", None)
    assert "恢复" in make.client(manager).get(f"/sources/{source.pk}/").content.decode()


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    """Two talks as the made-up bank's clerk types them, with what is meant beside."""
    (tmp_path / "groups").mkdir()
    speaker, truths = Speaker(["海川银行"]), list[dict[str, Any]]()
    about = [("branch.waiting", "negative"), ("branch.attitude", "positive"), ("elderly.app", "negative")]
    for month in ("2026-03", "2026-06"):
        turns = speaker.discussion(np.random.default_rng(int(month[-2:])), about, people=6)
        head = f"焦点小组记录　主题：网点排队与服务　日期：{month}-16　北方分行\n\n"
        text = head + "\n".join(f"{who}：{said.text}" for who, said in turns)
        (tmp_path / "groups" / f"焦点小组-{month}.txt").write_text(text, "utf-8")
        for turn, (who, said) in enumerate(turns, 1):
            if who != "主持人":
                name = f"焦点小组-{month}#{turn}"
                truths.append({"file": "groups", "id": name, "topics": list(said.topics)})
    lines = "".join(f"{json.dumps(each, ensure_ascii=False)}\n" for each in truths)
    (tmp_path / "truth-voices.jsonl").write_text(lines, "utf-8")
    return tmp_path


def test_its_focus_groups_are_coded_by_two_and_a_theme_bears_out_a_need(
    bank: Bank, lake: Lake, groups: Path, capsys: Any
) -> None:
    make.staff("10001", bank.head_office, "quality_manager")
    make.staff("10004", bank.head_office, "analyst")
    make.staff("30001", bank.north, "complaint_handler")
    talks.hold(groups)
    talks.hold(groups)
    assert "2 场" in capsys.readouterr().out
    study = Study.objects.get()
    assert [each.state for each in study.sessions.all()] == ["done", "coding"]
    every = coded.of_sessions(study.sessions.all())
    overall, _by_code = coded.agreement(every)
    assert overall.value
    assert 0.3 < overall.value < 1, "they differ as people do"
    assert overall.interval is None, "two talks tell nothing of how talks differ"
    steps = coded.saturation(study.sessions.all(), every)
    assert steps[0].new > steps[1].new, "the second talk brings less that is new"
    theme = Theme.objects.get()
    assert theme.need
    assert theme.need.pins.exists(), "its quotes are evidence"
