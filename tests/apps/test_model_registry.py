"""Which model reads? One that a person activated; what is worse needs her word, and every step can be taken back."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.annotation import actions, evaluating
from huixiang.apps.annotation.actions import activation
from huixiang.apps.annotation.models import Activation, EvaluationItem, ModelVersion
from huixiang.apps.feedback import in_use
from huixiang.apps.feedback.interpreter import Interpreter
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned import comparing
from huixiang.domain.understanding.learned.classifier import Classifier
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture(scope="module")
def good() -> Classifier:
    return learning.model()


@pytest.fixture(scope="module")
def bad() -> Classifier:
    return learning.model(upside_down=True)


@pytest.fixture
def measured(bank: Bank, lake: Lake, quality: Staff) -> Any:
    """Two dozen voices whose feelings people locked."""
    return learning.locked(learning.truth(learning.voices(lake, 24)), quality)


def test_a_better_model_reads_from_the_next_import_on(
    measured: Any, quality: Staff, lake: Lake, tmp_path: Path, good: Classifier
) -> None:
    version = learning.registered(good, quality)
    assert version.label == "trial-1"
    assert version.figures["n"] == 24
    assert version.figures["kappa"][0] > 0.9
    kept = actions.activate(version, by=quality, source="10.0.0.8")
    assert kept.verdict["verdict"] in ("better", "unproven")
    assert not kept.although_worse
    bring_in(table(tmp_path / "next.csv", [row(99, 内容="柜员态度恶劣，还要排队太久")]))
    voice = next(each for each in spoken(lake) if each.text.startswith("柜员态度恶劣，还"))
    assert (voice.understood_by, voice.sentiment) == ("trial-1", "negative")
    record = AuditRecord.objects.get(verb="model.activate")
    assert (record.actor, record.source, record.detail["label"]) == ("9002", "10.0.0.8", "trial-1")


def test_a_worse_one_is_activated_only_if_a_person_says_so_and_why(
    measured: Any, quality: Staff, good: Classifier, bad: Classifier
) -> None:
    first = learning.registered(good, quality)
    actions.activate(first, by=quality)
    second = learning.registered(bad, quality)
    with pytest.raises(Fault, match="比 trial-1 差") as refused:
        actions.activate(second, by=quality)
    assert refused.value.params["old"] == "trial-1"
    with pytest.raises(Fault, match="理由"):
        actions.activate(second, by=quality, although_worse=True, reason=" ")
    kept = actions.activate(second, by=quality, although_worse=True, reason="旧模型不认新产品")
    assert kept.although_worse
    assert kept.verdict["verdict"] == "worse"
    assert AuditRecord.objects.filter(verb="model.activate").first().detail["reason"] == "旧模型不认新产品"  # type: ignore[union-attr]


def test_every_step_can_be_taken_back_down_to_the_rules(
    measured: Any, quality: Staff, good: Classifier, data: Path
) -> None:
    first, second = learning.registered(good, quality), learning.registered(good, quality, "again")
    actions.activate(first, by=quality)
    actions.activate(second, by=quality)
    assert in_use.pointer(data / "models")["sentiment"]["label"] == "again-2"
    assert actions.roll_back("sentiment", by=quality, reason="误判增多") == first
    assert in_use.pointer(data / "models")["sentiment"]["label"] == "trial-1"
    assert actions.roll_back("sentiment", by=quality) is None
    assert in_use.pointer(data / "models") == {}
    with pytest.raises(Fault, match="没有什么可以退回"):
        actions.roll_back("sentiment", by=quality)
    assert Activation.objects.count() == 4


def test_without_a_locked_set_nobody_knows_and_a_person_must_say_so(
    bank: Bank, quality: Staff, good: Classifier
) -> None:
    version = learning.registered(good, quality)
    with pytest.raises(Fault, match="无从知道"):
        actions.activate(version, by=quality)
    assert actions.activate(version, by=quality, although_worse=True, reason="试运行").verdict["verdict"] == "unknown"


def test_who_may_not_manage_models_for_the_whole_bank_changes_nothing(
    measured: Any, quality: Staff, manager: Staff, good: Classifier, bank: Bank
) -> None:
    version, northern = learning.registered(good, quality), make.staff("1999", bank.north, "quality_manager")
    for person in (manager, northern):
        with pytest.raises(PermissionDenied):
            actions.activate(version, by=person)
        with pytest.raises(PermissionDenied):
            actions.roll_back("sentiment", by=person)
    assert not Activation.objects.exists()


def test_a_broken_file_leaves_the_reading_to_the_rules_and_says_so(
    measured: Any, quality: Staff, lake: Lake, tmp_path: Path, data: Path, good: Classifier, caplog: Any
) -> None:
    actions.activate(learning.registered(good, quality), by=quality)
    (data / "models/sentiment/1/model.npz").write_bytes(b"half of i")
    with caplog.at_level(logging.WARNING):
        bring_in(table(tmp_path / "next.csv", [row(99, 内容="柜员态度恶劣，还要排队太久")]))
    assert "the rules read instead" in caplog.text
    voice = next(each for each in spoken(lake) if each.text.startswith("柜员态度恶劣，还"))
    assert voice.understood_by.startswith("rules-")
    assert "not the file that was registered" in in_use.trouble(data / "models")


def test_a_file_that_cannot_be_used_does_not_block_its_successor(
    measured: Any, quality: Staff, data: Path, good: Classifier
) -> None:
    actions.activate(learning.registered(good, quality), by=quality)
    later = learning.registered(good, quality, "again")
    (data / "models/sentiment/1/model.npz").write_bytes(b"of an older form")
    assert "与规则比较" in make.client(quality).get(f"/models/{later.pk}/").content.decode()
    assert actions.activate(later, by=quality).verdict["old"] == "rules"


def test_models_read_outside_the_transaction_and_what_changed_meanwhile_is_told(
    measured: Any, quality: Staff, good: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    depth, read, depths = len(connection.savepoint_ids), evaluating.said, list[int]()

    def watched(*given: Any) -> list[str]:
        depths.append(len(connection.savepoint_ids))
        return read(*given)

    monkeypatch.setattr(evaluating, "said", watched)
    first, second = learning.registered(good, quality), learning.registered(good, quality, "again")
    actions.activate(first, by=quality)
    assert set(depths) == {depth}
    compare = evaluating.compare

    def meanwhile(*given: Any) -> dict[str, Any]:
        actions.roll_back("sentiment", by=quality)
        return compare(*given)

    monkeypatch.setattr(evaluating, "compare", meanwhile)
    with pytest.raises(Fault, match="请重试"):
        actions.activate(second, by=quality)
    assert Activation.objects.in_force("sentiment") is None


def test_a_pointer_to_another_kind_of_model_or_without_a_name_is_told_as_trouble(data: Path, good: Classifier) -> None:
    models = data / "models"
    (models / "sentiment/1").mkdir(parents=True)
    for dumped, label, reason in (
        (learning.model(task="kind").dumps(), "trial-1", "not of sentiment"),
        (b"half of it", "trial-1", "sentiment/1"),
        (good.dumps(), None, "without a label"),
    ):
        (models / "sentiment/1/model.npz").write_bytes(dumped)
        to = {"label": label, "folder": "sentiment/1", "sha256": hashlib.sha256(dumped).hexdigest()}
        in_use.point(models, "sentiment", to)
        assert reason in in_use.trouble(models)
        assert reason in in_use.understander(models).trouble


def test_the_helper_process_of_a_long_import_reads_by_the_active_model_too(
    measured: Any, quality: Staff, good: Classifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    from huixiang.apps.feedback import interpreter
    from huixiang.domain.feedback import Channel, Record

    monkeypatch.setattr(interpreter, "FEW", 0)
    actions.activate(learning.registered(good, quality), by=quality)
    with Interpreter() as reads:
        (found,) = reads.submit([Record(channel=Channel.WEBSITE, source_id="W1", text="柜员态度恶劣")]).result()
    assert (found.by, found.understanding.sentiment.label) == ("trial-1", "negative")


def test_the_night_sets_the_pointer_right_after_a_backup_was_put_back(
    measured: Any, quality: Staff, good: Classifier, data: Path
) -> None:
    actions.activate(learning.registered(good, quality), by=quality)
    assert activation.repoint() == 0
    (data / "models/active.json").write_text("{}")
    assert activation.repoint() == 1
    assert json.loads((data / "models/active.json").read_text())["sentiment"]["label"] == "trial-1"


def test_a_locked_set_that_somebody_altered_is_refused(measured: Any, quality: Staff, good: Classifier) -> None:
    version = learning.registered(good, quality)
    item = EvaluationItem.objects.first()
    assert item is not None
    EvaluationItem.objects.filter(pk=item.pk).update(label="neutral")
    with pytest.raises(Fault, match="有人改动过"):
        actions.activate(version, by=quality)


def test_what_cannot_be_told_or_named_is_not_registered(bank: Bank, quality: Staff, good: Classifier) -> None:
    for name in ("rules", "person", "Trial", "a b"):
        with pytest.raises(Fault, match="模型名"):
            learning.registered(good, quality, name)
    assert not ModelVersion.objects.exists()


def test_the_same_mistakes_are_no_difference_and_fewer_ones_are_proven_by_enough_texts() -> None:
    gold = ["negative", "positive"] * 50
    wrong = ["positive" if n % 5 == 0 else label for n, label in enumerate(gold)]
    assert comparing.difference(gold, wrong, wrong).verdict == "unproven"
    better = comparing.difference(gold, wrong, gold)
    assert (better.verdict, better.is_worse) == ("better", False)
    assert better.low < better.value < better.high
    assert comparing.difference(gold, gold, wrong).verdict == "worse"
    few = comparing.difference(gold[:9], gold[:9], [*gold[:8], "positive"])
    assert (few.verdict, few.is_worse) == ("lower", True)


def test_the_command_line_does_all_of_it_too(
    measured: Any, quality: Staff, good: Classifier, bad: Classifier, capsys: Any, tmp_path: Path
) -> None:
    from huixiang.web.cli import main
    from huixiang.web.model_files import save

    save(good, tmp_path / "good")
    save(bad, tmp_path / "bad")
    assert main(["models", "list"]) == 0
    assert main(["models", "register", str(tmp_path / "good"), "--name", "good"]) == 0
    assert main(["models", "register", str(tmp_path / "bad"), "--name", "bad"]) == 0
    capsys.readouterr()
    assert main(["models", "compare", "good-1", "bad-2"]) == 0
    assert json.loads(capsys.readouterr().out)["verdict"] == "worse"
    assert main(["models", "activate", "good-1"]) == 0
    assert main(["models", "activate", "bad-2"]) == 2
    assert "good-1" in capsys.readouterr().err
    assert main(["models", "activate", "bad-2", "--although-worse", "--reason", "试运行"]) == 0
    assert main(["models", "rollback", "--reason", "误判增多"]) == 0
    capsys.readouterr()
    assert main(["models", "list", "--json"]) == 0
    listed = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {each["model"]: each["active"] for each in listed} == {"bad-2": False, "good-1": True}
    assert main(["models", "reread", "--months", "2026-06"]) == 0
    assert main(["models", "train", "--task", "sentiment"]) == 2
    assert "--from-labels" in capsys.readouterr().err
    assert AuditRecord.objects.filter(verb="model.activate", source="cli").count() == 2


def test_a_model_is_not_measured_on_what_it_may_have_learned(measured: Any, quality: Staff, good: Classifier) -> None:
    first = learning.registered(good, quality)
    assert first.figures["n"] == 24
    learning.locked({item.voice_id: item.label for item in measured.items.all()}, quality)
    first.refresh_from_db()
    assert first.figures == {}
    with pytest.raises(Fault, match="训练在评价集锁定之前"):
        actions.activate(first, by=quality)
    actions.activate(first, by=quality, although_worse=True, reason="试运行")
    later = learning.registered(good, quality, "again")
    assert later.figures["n"] == 24
    assert activation.judged(None, later)["verdict"] in ("better", "unproven")
    assert activation.judged(first, later)["learned"] == ["trial-1"]


def test_too_few_voices_left_to_compare_need_her_word(measured: Any, quality: Staff, good: Classifier) -> None:
    version = learning.registered(good, quality)
    for item in measured.items.all()[:5]:
        item.delete()
    measured.sha256 = evaluating.digest(measured.labels())
    measured.save()
    verdict = activation.judged(version, version)
    assert (verdict["n"], verdict["verdict"]) == (19, "unknown")
    with pytest.raises(Fault, match="只有 19 条"):
        actions.activate(version, by=quality)
