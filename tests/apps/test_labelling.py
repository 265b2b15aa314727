"""People teach the machine: twenty voices at a time, two people blind to each other, a third settles."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from huixiang.apps.access.jobs import TakenOver, perform
from huixiang.apps.access.models import AuditRecord, Job, Staff
from huixiang.apps.annotation import (
    actions,
    agreeing,
    dealing,
    evaluating,
    forgetting,
    gathering,
    measuring,
    schooling,
    watching,
)
from huixiang.apps.annotation.models import EvaluationItem, Label, ModelVersion
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback.models import Erasure, Tombstone
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned import choosing
from huixiang.lake.questions import Voice
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.make import Bank


@pytest.fixture
def heard(bank: Bank, lake: Lake) -> list[Voice]:
    return learning.voices(lake, 60)


@pytest.fixture
def colleague(bank: Bank) -> Staff:
    return make.staff("9004", bank.head_office, "analyst", name="郑七")


def labelled(person: Staff, truth: dict[str, str], task: str = "sentiment") -> set[str]:
    """She labels the page dealt to her as it is in truth."""
    dealt = dealing.deal(task, person)
    text = dealing.sealed(task, person, dealt)
    given = {each.voice.id: truth[each.voice.id] for each in dealt}
    actions.label(task, given, dealing.opened(task, person, text), by=person)
    return set(given)


@pytest.mark.one_database
def test_twenty_at_a_time_the_same_until_they_are_labelled_and_never_again(heard: Any, quality: Staff) -> None:
    first = [each.voice.id for each in dealing.deal("sentiment", quality)]
    assert len(set(first)) == 20
    assert [each.voice.id for each in dealing.deal("sentiment", quality)] == first
    labelled(quality, learning.truth(heard))
    assert not {each.voice.id for each in dealing.deal("sentiment", quality)} & set(first)
    record = AuditRecord.objects.filter(verb="label.give").first()
    assert record is not None
    assert record.on_id in first


def test_a_second_person_sees_some_of_them_blind_and_only_within_reach(
    heard: Any, quality: Staff, colleague: Staff, manager: Staff, bank: Bank, settings: Any
) -> None:
    settings.LABELLED_TWICE = 1.0
    first = labelled(quality, learning.truth(heard))
    second = {each.voice.id for each in dealing.deal("sentiment", colleague)}
    assert len(first & second) == dealing.SECOND
    page = make.client(colleague).get("/labels/sentiment/").content.decode()
    assert "9002" not in page
    branches = {each.voice.branch for each in dealing.deal("sentiment", manager)}
    assert branches == {"N11", "N12"}


@pytest.mark.one_database
def test_agreement_is_told_and_what_is_disputed_is_settled_by_a_third_look(
    heard: Any, quality: Staff, colleague: Staff, manager: Staff, bank: Bank, settings: Any
) -> None:
    settings.LABELLED_TWICE = 1.0
    truth = learning.truth(heard)
    labelled(quality, truth)
    both = labelled(colleague, {id: truth[id] for id in truth} | dict.fromkeys(sorted(truth)[:9], "neutral"))
    assert both
    alpha = agreeing.agreement_of("sentiment")
    assert alpha.voices == dealing.SECOND
    assert alpha.value is not None
    assert alpha.low <= alpha.value <= alpha.high  # type: ignore[operator]
    disputed = [one for one in gathering.judged("sentiment") if one.is_disputed]
    assert disputed
    one = disputed[0]
    assert one.voice_id not in gathering.learnable("sentiment")
    with pytest.raises(PermissionDenied):
        actions.settle("sentiment", one.voice_id, 1, "negative", by=manager)
    assert "郑七" not in make.client(quality).get("/labels/sentiment/").content.decode()
    own = make.client(quality)  # she is one of the two who disagree
    assert one.voice_id not in own.get("/labels/sentiment/disputes/").content.decode()
    with pytest.raises(Fault, match="没有待裁定"):
        actions.settle("sentiment", one.voice_id, 1, "negative", by=quality)
    third = make.staff("9005", bank.head_office, "quality_manager")
    client = make.client(third)
    assert one.voice_id in client.get("/labels/sentiment/disputes/").content.decode()
    client.post("/labels/sentiment/disputes/", {"voice": one.voice_id, "version": "1", "value": "negative"})
    assert gathering.learnable("sentiment")[one.voice_id] == "negative"
    with pytest.raises(Fault, match="没有待裁定"):
        actions.settle("sentiment", one.voice_id, 1, "positive", by=third)


@pytest.mark.one_database
def test_a_share_of_the_useful_is_seen_twice_although_these_have_the_highest_ids() -> None:
    every = [f"f{n:05x}{n * 6700417 % 16**6:06x}" for n in range(500)]
    assert 0.2 < sum(dealing.wants_two(id, "useful") for id in every) / 500 < 0.4
    assert dealing.wants_two("f" * 24, "random")


@pytest.mark.one_database
def test_a_voice_that_a_correction_moved_is_within_reach_of_those_it_moved_to_alone(
    heard: Any, quality: Staff, bank: Bank, settings: Any
) -> None:
    settings.LABELLED_TWICE = 1.0
    north = [make.staff(f"199{n}", bank.north, "quality_manager") for n in range(4)]
    truth = learning.truth(heard)
    first = labelled(north[0], truth)
    assert first & {each.voice.id for each in dealing.deal("sentiment", north[1])}
    labelled(north[1], dict.fromkeys(truth, "neutral"))
    disputed = sorted(one.voice_id for one in gathering.disputed("sentiment", "1992"))[:2]
    waiting = {each.voice.id for each in dealing.deal("sentiment", north[3])} & first
    moved = {*disputed, *sorted(waiting)[:2]}
    assert len(moved) == 4
    for id in moved:
        feedback.correct_voice(id, "branch", "S11", "", by=quality)
    assert not moved & {each.voice.id for each in dealing.deal("sentiment", north[3])}
    client = make.client(north[2])
    for page in ("disputes", "export"):
        text = client.get(f"/labels/sentiment/{page}/").content.decode()
        assert any(id in text for id in first)
        assert not any(id in text for id in moved)
    with pytest.raises(Fault, match="没有待裁定"):
        actions.settle("sentiment", disputed[0], 1, "neutral", by=north[2])


def test_a_page_that_was_not_dealt_to_her_labels_nothing(heard: Any, quality: Staff, colleague: Staff) -> None:
    text = dealing.sealed("sentiment", quality, dealing.deal("sentiment", quality))
    assert dealing.opened("sentiment", colleague, text) == {}
    assert dealing.opened("kind", quality, text) == {}
    assert dealing.opened("sentiment", quality, f"{text}x") == {}
    page = make.client(colleague).post("/labels/sentiment/", {"dealt": text, f"voice-{heard[0].id}": "neutral"})
    assert page.status_code == 302
    assert not Label.objects.exists()


@pytest.mark.one_database
def test_the_page_keeps_labels_and_not_knowing_is_an_answer(heard: Any, quality: Staff) -> None:
    client = make.client(quality)
    page = client.get("/labels/kind/").content.decode()
    (dealt,) = re.findall(r'name="dealt" value="([^"]+)"', page)
    ids = list(dict.fromkeys(re.findall(r'name="voice-(\w+)"', page)))
    answers = {f"voice-{ids[0]}": "praise", f"voice-{ids[1]}": "unsure"}
    assert client.post("/labels/kind/", {"dealt": dealt, **answers}).status_code == 302
    assert dict(Label.objects.values_list("voice_id", "value")) == {ids[0]: "praise", ids[1]: ""}
    assert gathering.learnable("kind") == {ids[0]: "praise"}
    text = client.get("/labels/kind/export/").content.decode()
    assert "9002=praise" in text
    assert "9002=unsure" in text


@pytest.mark.one_database
def test_labels_and_corrections_train_a_model_and_the_locked_set_stays_out_of_it(
    heard: Any, quality: Staff, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.LABELLED_TWICE = 0.0
    monkeypatch.setattr(gathering, "FEWEST", 30)
    truth = learning.truth(heard)
    with pytest.raises(Fault, match="至少要 30 条"):
        actions.train("sentiment", "first", by=quality)
    for _page in range(3):
        labelled(quality, truth)
    locked = learning.locked(dict(sorted(truth.items())[:20]), quality)
    learnable = gathering.learnable("sentiment")
    assert not set(learnable) & set(EvaluationItem.objects.filter(of=locked).values_list("voice_id", flat=True))
    job = actions.train("sentiment", "first", by=quality)
    perform.func(str(job.pk))
    assert Job.objects.get(pk=job.pk).state == "done"
    version = ModelVersion.objects.get()
    assert (version.label, version.card["data"]["n"]) == ("first-1", len(learnable))
    assert version.figures["n"] == 20
    assert any("少于" in limit["message"] for limit in version.card["limits"])


@pytest.mark.one_database
def test_a_training_shows_that_it_lives_and_one_that_was_taken_over_ends() -> None:
    class Watched:
        beats = 0

        def write(self) -> None:
            self.beats += 1
            if self.beats == 3:
                raise TakenOver

    watched: Any = Watched()
    with schooling.alive(watched, 0.005):
        time.sleep(0.2)
    assert watched.beats == 3
    with pytest.raises(Fault), schooling.alive(watched, 60):
        raise Fault("fitting failed")  # and the thread ends at once


@pytest.mark.one_database
def test_measuring_shows_that_it_lives_while_a_slow_model_reads(
    heard: Any, quality: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = list[str]()

    @contextmanager
    def alive(progress: Any) -> Iterator[None]:
        shown.append("begun")
        yield
        shown.append("ended")

    def figures(*given: Any) -> dict[str, Any]:
        shown.append("read")
        return {"n": 20}

    learning.locked(learning.truth(heard), quality)
    version = learning.registered(learning.model(), quality)
    monkeypatch.setattr(measuring, "alive", alive)
    monkeypatch.setattr(evaluating, "figures", figures)
    job = actions.evaluate(version, by=quality)
    perform.func(str(job.pk))
    assert (Job.objects.get(pk=job.pk).state, shown) == ("done", ["begun", "read", "ended"])


def test_what_is_drawn_by_lot_and_agreed_on_can_be_locked(
    heard: Any, quality: Staff, colleague: Staff, settings: Any
) -> None:
    settings.LABELLED_TWICE = 0.0
    truth = learning.truth(heard)
    with pytest.raises(Fault, match="至少要 20 条"):
        actions.lock_labels("sentiment", by=quality)
    for _page in range(4):
        labelled(quality, truth)
        labelled(colleague, truth)
    drawn = set(Label.objects.filter(draw="random").values_list("voice_id", flat=True))
    found = actions.lock_labels("sentiment", by=quality)
    assert set(found.labels()) <= drawn
    assert found.items.count() >= 20


def test_an_erased_voice_is_forgotten_as_a_label_and_in_the_locked_set(heard: Any, quality: Staff, lake: Lake) -> None:
    truth = learning.truth(heard)
    labelled(quality, truth)
    locked = learning.locked(truth, quality)
    gone = Label.objects.values_list("voice_id", flat=True)[0]
    erasure = Erasure.objects.create(what="voice", reason="客户要求", voices=1, by=quality)
    Tombstone.objects.create(voice_id=gone, erasure=erasure)
    assert forgetting.forget_erased() == 2
    assert forgetting.forget_erased() == 0
    locked.refresh_from_db()
    assert locked.erased == 1
    assert gone not in locked.labels()
    assert evaluating.digest(locked.labels()) == locked.sha256


@pytest.mark.one_database
def test_drift_is_told_only_beyond_the_limit_and_beyond_chance() -> None:
    first = {"n": 1000, "labels": {"negative": 300, "positive": 700}, "bins": [0, 0, 0, 0, 0, 100, 200, 300, 300, 100]}
    assert watching.judged(first, first)["verdict"] == "unproven"
    turned = {**first, "labels": {"negative": 700, "positive": 300}}
    assert watching.judged(first, turned)["verdict"] == "moved"
    # One measure beyond the limit but not beyond chance, the other beyond chance but not the limit: neither has moved.
    scattered = {f"label-{n}": (5, 2)[n % 2] for n in range(58)}
    swapped = {f"label-{n}": (2, 5)[n % 2] for n in range(58)}
    old = {"n": 203, "labels": scattered, "bins": [0] * 8 + [100, 103]}
    both = watching.judged(old, {"n": 203, "labels": swapped, "bins": [0] * 8 + [137, 66]})
    assert both["index"] > watching.LIMIT > both["sure_index"]
    assert both["chance"] < watching.CHANCE
    assert both["verdict"] == "unproven"
    few = {"n": 20, "labels": {"negative": 14, "positive": 6}, "bins": [0] * 9 + [20]}
    assert watching.judged(first, few)["verdict"] == "few"


@pytest.mark.one_database
def test_the_most_useful_are_in_doubt_and_unlike_each_other() -> None:
    assert choosing.doubt([1 / 3] * 3) == pytest.approx(1)
    assert choosing.doubt([1, 0, 0]) == 0
    texts = ["排队太久没人管", "排队太久没人管呀", "手机银行闪退", "环境整洁"]
    assert choosing.most_useful([0.9, 0.89, 0.6, 0.1], texts, 2) == [0, 2]
    assert choosing.most_useful([0.5] * 4, texts, 9) == choosing.most_useful([0.5] * 4, texts, 9)


@pytest.mark.one_database
def test_a_correction_teaches_too(heard: Any, quality: Staff) -> None:
    feedback.correct_voice(heard[0].id, "sentiment", "neutral", "", by=quality)
    assert gathering.learnable("sentiment") == {heard[0].id: "neutral"}
    told = {"task": "sentiment", "voice_id": heard[0].id, "voice_version": 1, "by": quality}
    label = Label.objects.create(**told, value="")  # who does not know unsays nothing
    assert gathering.learnable("sentiment") == {heard[0].id: "neutral"}
    Label.objects.filter(pk=label.pk).update(value="negative")
    assert gathering.learnable("sentiment") == {heard[0].id: "negative"}
    Label.objects.filter(pk=label.pk).update(at=label.at - timedelta(days=1))  # before the correction
    assert gathering.learnable("sentiment") == {heard[0].id: "neutral"}


@pytest.mark.one_database
def test_what_was_said_of_words_that_the_source_changed_since_teaches_and_measures_nothing(
    heard: Any, quality: Staff, lake: Lake
) -> None:
    truth = learning.truth(heard)
    labelled(quality, truth)
    locked = learning.locked(dict(sorted(truth.items())[:30]), quality)
    taught = gathering.learnable("sentiment")
    changed = sorted(taught)[0]
    feedback.correct_voice(sorted(taught)[1], "sentiment", "neutral", "", by=quality)
    for id in (changed, sorted(truth)[0]):
        lake.set_columns("voices", id, {"version": 2})
    assert set(gathering.learnable("sentiment")) == set(taught) - {changed}
    known = evaluating.gold(locked)
    assert (len(known.labels), known.missing) == (29, 1)
    lake.set_columns("voices", sorted(taught)[1], {"understood_by": "rules-3", "sentiment": "positive", "version": 2})
    assert sorted(taught)[1] not in gathering.learnable("sentiment")
