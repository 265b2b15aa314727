"""What if the machine misunderstood? A clerk's word outranks it, stays for good, and belongs to the version she saw."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied

from huixiang.apps.access.models import AuditRecord, Staff
from huixiang.apps.feedback import actions
from huixiang.apps.feedback.actions import corrections
from huixiang.apps.feedback.models import Correction
from huixiang.channels.contract import Fault
from huixiang.lake import questions
from huixiang.lake.questions import Slice, Voice
from huixiang.lake.store import Lake
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database


@pytest.fixture
def voice(tmp_path: Path, bank: Bank, lake: Lake) -> Voice:
    """Irony at the north's outlet, which the machine takes for praise or not."""
    bring_in(table(tmp_path / "one.csv", [row(0, 内容="等了两小时，服务可真好啊。")]))
    return spoken(lake)[0]


def test_a_correction_reaches_the_lake_and_the_audit(voice: Voice, manager: Staff, lake: Lake) -> None:
    wrong = "positive" if voice.sentiment == "positive" else voice.sentiment
    right = "negative" if wrong != "negative" else "neutral"
    kept = actions.correct_voice(voice.id, "sentiment", right, "反话", by=manager, source="10.0.0.8")
    now = questions.voice(lake, voice.id)
    assert now is not None
    assert (now.sentiment, now.understood_by, now.version) == (right, "person", 1)
    assert (kept.before, kept.after, kept.voice_version) == (wrong, right, 1)
    assert kept.applied_at is not None
    record = AuditRecord.objects.get(verb="voice.correct")
    assert (record.actor, record.on_id, record.source) == ("1002", voice.id, "10.0.0.8")
    assert "反话" not in str(record.detail)


def test_confirming_what_the_machine_said_is_a_correction_too(voice: Voice, manager: Staff, lake: Lake) -> None:
    actions.correct_voice(voice.id, "sentiment", voice.sentiment, "", by=manager)
    now = questions.voice(lake, voice.id)
    assert now is not None
    assert now.understood_by == "person"
    with pytest.raises(Fault, match="无需更正"):
        actions.correct_voice(voice.id, "sentiment", voice.sentiment, "", by=manager)


def test_branch_and_product_can_be_corrected_within_reach(voice: Voice, manager: Staff, lake: Lake) -> None:
    actions.correct_voice(voice.id, "branch", "N12", "客户去的是二路", by=manager)
    actions.correct_voice(voice.id, "product", "手机银行 13800138000", "", by=manager)
    now = questions.voice(lake, voice.id)
    assert now is not None
    assert now.branch == "N12"
    assert "13800138000" not in now.product
    with pytest.raises(Fault, match="不在您的权限范围内"):
        actions.correct_voice(voice.id, "branch", "S11", "", by=manager)
    with pytest.raises(Fault, match="不存在"):
        actions.correct_voice(voice.id, "branch", "N1X", "", by=manager)


def test_who_has_no_right_or_no_reach_corrects_nothing(voice: Voice, clerk: Staff, bank: Bank) -> None:
    from tests import make

    elsewhere = make.staff("2002", bank.south_branch, "branch_manager")
    with pytest.raises(PermissionDenied):
        actions.correct_voice(voice.id, "sentiment", "neutral", "", by=clerk)
    with pytest.raises(ObjectDoesNotExist):
        actions.correct_voice(voice.id, "sentiment", "neutral", "", by=elsewhere)
    assert not Correction.objects.exists()


def test_one_that_never_reached_the_lake_is_applied_at_night(
    voice: Voice, manager: Staff, lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(corrections, "_apply", lambda lake, correction: False)
        actions.correct_voice(voice.id, "sentiment", "neutral", "", by=manager)
    assert actions.apply_corrections() == 1
    assert actions.apply_corrections() == 0
    now = questions.voice(lake, voice.id)
    assert now is not None
    assert (now.sentiment, now.understood_by) == ("neutral", "person")


def test_it_stays_with_the_version_it_was_made_on(voice: Voice, manager: Staff, lake: Lake, tmp_path: Path) -> None:
    actions.correct_voice(voice.id, "sentiment", "neutral", "", by=manager)
    bring_in(table(tmp_path / "later.csv", [row(0, 内容="等了两小时，今天终于有人道歉了，谢谢。")]))
    now = questions.voice(lake, voice.id)
    assert now is not None
    assert (now.version, now.understood_by) == (2, "rules-3")
    (past,) = questions.history(lake, voice.id)
    assert (past.version, past.sentiment, past.understood_by) == (1, "neutral", "person")
    assert Correction.objects.get().voice_version == 1


def test_a_reply_of_the_store_does_not_undo_what_people_judged(
    voice: Voice, manager: Staff, lake: Lake, tmp_path: Path
) -> None:
    actions.correct_voice(voice.id, "sentiment", "negative", "反话", by=manager)
    actions.correct_voice(voice.id, "branch", "N12", "客户去的是二路", by=manager)
    actions.correct_voice(voice.id, "kind", "expectation", "", by=manager)
    actions.correct_voice(voice.id, "topics", "D.empathy.attitude,C.service", "", by=manager)
    bring_in(table(tmp_path / "later.csv", [row(0, 内容="等了两小时，服务可真好啊。", 评分="2")]))
    now = questions.voice(lake, voice.id)
    assert now is not None
    assert (now.version, now.rating) == (2, 2.0)
    assert (now.sentiment, now.understood_by, now.branch) == ("negative", "person", "N12")
    assert (now.kind, now.topics) == ("expectation", ("D.empathy.attitude", "C.service"))


@pytest.mark.parametrize(
    ("field", "value", "why"),
    [("kind", "anger", "性质"), ("topics", "C.service,X.none", "X.none"), ("product", "长" * 81, "最多 80")],
)
def test_what_no_book_knows_is_refused(voice: Voice, manager: Staff, field: str, value: str, why: str) -> None:
    with pytest.raises(Fault) as refused:
        actions.correct_voice(voice.id, field, value, "", by=manager)
    assert why in refused.value.message % refused.value.params


def test_a_unit_that_the_source_itself_changes_wins(voice: Voice, manager: Staff, lake: Lake, tmp_path: Path) -> None:
    actions.correct_voice(voice.id, "branch", "N12", "", by=manager)
    bring_in(table(tmp_path / "later.csv", [row(0, 内容="等了两小时，服务可真好啊。", 机构="S11")]))
    now = questions.voice(lake, voice.id)
    assert now is not None
    assert (now.version, now.branch) == (2, "S11")


def test_copies_of_a_voice_that_now_says_something_else_form_a_family_of_their_own(
    bank: Bank, lake: Lake, tmp_path: Path
) -> None:
    same = "排队等了一个多小时没人管，实在太久了"
    bring_in(table(tmp_path / "one.csv", [row(n, 内容=same) for n in range(3)]))
    bring_in(table(tmp_path / "two.csv", [row(0, 内容="环境整洁，大堂经理热情，谢谢")]))
    said = {each.source_id: each for each in spoken(lake, Slice(copies=False))}
    assert sorted(each.text for each in said.values()) == [
        "排队等了一个多小时没人管，实在太久了",
        "环境整洁，大堂经理热情，谢谢",
    ]
    assert len(spoken(lake)) == 3
