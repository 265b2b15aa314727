"""Does every page of the demonstration have something true to show? Two people labelled, and a mailbox is paused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.models import AuditRecord
from huixiang.apps.annotation import agreeing, gathering
from huixiang.apps.annotation.models import Activation, Label, ModelVersion
from huixiang.apps.sources.models import Source
from huixiang.domain.feedback import Channel
from huixiang.lake.store import Lake
from huixiang.web.demo import MAILBOX, labelling, mailbox
from tests import make
from tests.apps import learning
from tests.browser import voices as made
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def exports(lake: Lake, tmp_path: Path) -> Path:
    """Voices of the website, and beside the exports what is true of them: every tenth is a contented wish."""
    said, truths = learning.sayings(70), list[dict[str, Any]]()
    days = [date(2026, 6, 1 + n % 28) for n in range(len(said))]
    fields: dict[str, Any] = {"channel": Channel.WEBSITE, "branch": "N11"}
    made.pour(lake, made.table([made.record(n, text, days[n], **fields) for n, (text, _) in enumerate(said)]))
    for n, (text, feeling) in enumerate(said):
        kind = {"negative": "pain_point", "positive": "expectation" if n % 10 == 9 else "praise"}[feeling]
        truth = {"sentiment": feeling, "kind": kind, "tone": "ironic" if n == 0 else "plain", "text": text}
        truths.append({"file": "website/messages.json", "id": f"v{n}", **truth})
    truths.append({"file": "surveys/答卷.csv", "id": "v1", "sentiment": "neutral", "kind": "noise", "tone": "plain"})
    (tmp_path / "truth-voices.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in truths), "utf-8")
    return tmp_path


def test_two_of_the_demonstrations_people_label_and_differ_as_people_do(bank: Bank, exports: Path, capsys: Any) -> None:
    manager = make.staff("10001", bank.head_office, "quality_manager")
    make.staff("10004", bank.head_office, "analyst")
    make.staff("30001", bank.north, "complaint_handler")
    labelling.label_some(exports)
    labelling.label_some(exports)
    assert Label.objects.count() == AuditRecord.objects.filter(verb="label.give").count() == 60 * 2 * 2
    assert "60" in capsys.readouterr().out
    alpha = agreeing.agreement_of("sentiment").value
    assert alpha
    assert 0.7 < alpha < 1
    assert 0 < len(gathering.disputed("kind", manager.number)) < 10
    page = make.client(manager).get("/labels/sentiment/disputes/")
    assert "30001" in page.content.decode()
    (version,) = ModelVersion.objects.all()
    assert version.card["data"]["labels"].keys() >= {"negative", "positive"}
    assert not Activation.objects.exists()


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
