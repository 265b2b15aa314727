"""People say which topics a voice speaks of, several or none; what they teach reads beside the tree's words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.jobs import perform
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import actions, agreeing, dealing, gathering, schooling, values
from huixiang.apps.annotation.models import Label, ModelVersion
from huixiang.apps.feedback import actions as feedback
from huixiang.apps.feedback import findings, in_use
from huixiang.channels.contract import Fault
from huixiang.domain.statistics.sets import compared, masi
from huixiang.domain.understanding.learned import set_scores
from huixiang.domain.understanding.understander import VERSION
from huixiang.lake.questions import Voice
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database

ATTITUDE, WAITING, MACHINES = "D.empathy.attitude", "D.responsiveness.waiting", "D.tangibles.machines"


def truth(of: list[Voice]) -> dict[str, str]:
    """What people would say: the staff's manner, the waiting, both or none of these."""
    said = {"柜员": ATTITUDE, "经理": ATTITUDE, "排队": WAITING, "打不通": WAITING}
    return {voice.id: values.joined(code for word, code in said.items() if word in voice.text) for voice in of}


@pytest.fixture
def heard(bank: Bank, lake: Lake) -> list[Voice]:
    return learning.voices(lake, 60)


def say(person: Staff, every: dict[str, str]) -> None:
    """She labels whatever is dealt to her, page by page."""
    while dealt := dealing.deal("topics", person):
        given = {each.voice.id: every[each.voice.id] for each in dealt}
        actions.label(
            "topics", given, dealing.opened("topics", person, dealing.sealed("topics", person, dealt)), by=person
        )


def test_from_labels_to_a_model_that_reads_beside_the_tree_and_back(
    heard: list[Voice], lake: Lake, quality: Staff, bank: Bank, data: Path, tmp_path: Path, settings: Any
) -> None:
    settings.LABELLED_TWICE = 0.0
    every = truth(heard)
    say(quality, every)
    locked = learning.locked(dict(sorted(every.items())[:20]), quality, "topics")
    assert not set(gathering.learnable("topics")) & set(locked.labels())
    job = actions.train("topics", "t", by=quality)
    perform.func(str(job.pk))
    version = ModelVersion.objects.get()
    assert (version.label, version.figures["n"]) == ("t-1", 20)
    assert version.card["data"]["n"] == 40
    assert {ATTITUDE, WAITING} <= set(version.card["tells"])
    kept = actions.activate(version, by=quality)
    assert kept.verdict["measure"] == "micro_f1"
    assert kept.verdict["difference"][0] > 0
    bring_in(table(tmp_path / "next.csv", [row(99, 内容="自助机坏了，柜员态度恶劣，还要排队太久")]))
    voice = next(each for each in spoken(lake) if each.text.startswith("自助机"))
    assert {ATTITUDE, MACHINES} <= set(voice.topics), "the tree's words tell what the model never learned"
    assert findings.of(voice).by == {"topics": "t-1"}
    assert "由模型 t-1 与分类树判断" in make.client(quality).get(f"/voices/{voice.id}/").content.decode()
    assert voice.understood_by.startswith("rules-")
    corrected = heard[0].id
    feedback.correct_voice(corrected, "topics", MACHINES, "", by=quality)
    of = actions.reread(["2026-06"], by=quality)
    perform.func(str(of.job_id))
    of.refresh_from_db()
    assert (of.label, of.by_people) == (f"{VERSION} + t-1", 1)
    now = {each.id: each for each in spoken(lake)}
    assert now[corrected].topics == (MACHINES,)
    assert findings.of(now[corrected]).by == {}
    before = lake.rows("readings", [heard[1].id]).to_pylist()
    assert [each["topics"] for each in before] == [list(heard[1].topics)]
    assert actions.roll_back("topics", by=quality) is None
    assert in_use.pointer(data / "models") == {}


def test_a_model_of_kind_reads_too_and_a_broken_one_leaves_only_its_part_to_the_rules(
    bank: Bank, quality: Staff, data: Path
) -> None:
    version = learning.registered(learning.model(task="kind"), quality, "k")
    actions.activate(version, by=quality, although_worse=True, reason="试运行")
    reads = in_use.understander(data / "models")
    assert (reads.label, reads.others) == (VERSION, {"kind": "k-1"})
    found, empty = reads.understander.read(["柜员耐心周到，环境整洁有序", ""])
    assert (found.kind.code, empty.kind.code) == ("praise", "noise")
    assert found.kind.why
    (data / "models/kind/1/model.npz").write_bytes(b"half of it")
    reads = in_use.understander(data / "models")
    assert (reads.told, "kind/1" in reads.trouble) == (VERSION, True)


def test_the_page_takes_several_topics_none_or_not_knowing_and_tells_how_far_two_agree(
    heard: list[Voice], quality: Staff, bank: Bank, settings: Any
) -> None:
    settings.LABELLED_TWICE = 1.0
    client = make.client(quality)
    page = client.get("/labels/topics/").content.decode()
    assert page.count("data-picker") == 20
    (dealt,) = re.findall(r'name="dealt" value="([^"]+)"', page)
    ids = list(dict.fromkeys(re.findall(r'name="voice-(\w+)"', page)))
    first = {f"voice-{id}": [WAITING, ATTITUDE] for id in ids[:8]} | {f"voice-{id}": ["-"] for id in ids[8:12]}
    wrong = client.post("/labels/topics/", {"dealt": dealt, f"voice-{ids[0]}": ["X.none"]}, follow=True)
    assert "分类树里没有“X.none”" in wrong.content.decode()
    client.post("/labels/topics/", {"dealt": dealt, f"voice-{ids[12]}": [WAITING, "unsure"], **first})
    assert Label.objects.get(voice_id=ids[0]).value == f"{ATTITUDE},{WAITING}"
    assert sorted(Label.objects.values_list("value", flat=True)) == ["", *["-"] * 4, *[f"{ATTITUDE},{WAITING}"] * 8]
    colleague = make.staff("9004", bank.head_office, "analyst")
    say(colleague, {voice.id: WAITING for voice in heard})
    alpha = agreeing.agreement_of("topics")
    assert (alpha.distance, alpha.voices >= 8) == ("masi", True)
    assert alpha.low <= alpha.value <= alpha.high < 1  # type: ignore[operator]
    assert [each.code for each in agreeing.by_code("topics")][:1] == [ATTITUDE]
    third = make.client(make.staff("9005", bank.head_office, "quality_manager"))
    told = third.get("/labels/topics/disputes/").content.decode()
    assert "MASI" in told
    (one, *_) = re.findall(r'name="voice" value="(\w+)"', told)
    third.post("/labels/topics/disputes/", {"voice": one, "version": "1", "value": [WAITING]})
    assert gathering.learnable("topics")[one] == WAITING


def test_codes_that_left_the_tree_do_not_count_in_learning_and_locking(
    heard: list[Voice], quality: Staff, bank: Bank
) -> None:
    gone, every = "X.gone", truth(heard)
    old = sorted(every)[:3]
    said = every | dict.fromkeys(old, gone) | {sorted(every)[3]: f"{WAITING},{gone}"}
    model, kept = schooling.fit("topics", [voice.text for voice in heard], [said[each.id] for each in heard], 0)
    assert len(kept) == len(heard) - len(old), "what had only old codes is no lesson, least of all that there were none"
    assert gone not in model.labels
    assert not any(gone in label for label in kept)
    for person in (quality, make.staff("9004", bank.head_office, "analyst")):
        Label.objects.bulk_create(
            Label(task="topics", voice_id=id, voice_version=1, value=value, draw="random", by=person)
            for id, value in said.items()
        )
    assert gathering.standing("topics").lockable == len(heard) - 4, "the page counts what locking takes"
    assert len(gathering.learnable("topics")) == len(heard) - 3
    assert set(actions.lock_labels("topics", by=quality).labels()) == set(sorted(every)[4:])


@pytest.mark.one_database
def test_what_is_said_is_written_in_one_way(bank: Bank) -> None:
    assert values.valid("topics", "B.card.credit,B.card, A.front") == "A.front,B.card.credit"
    assert (values.valid("topics", "-"), values.valid("topics", "unsure")) == ("-", "")
    for task, wrong in (("topics", "-,B.card"), ("topics", "X"), ("kind", "anger")):
        with pytest.raises(Fault):
            values.valid(task, wrong)
    with pytest.raises(Fault, match="最多 8"):
        values.valid("topics", ",".join(values.known("topics")))


def test_the_distance_of_sets_and_what_comes_of_it() -> None:
    a, b, c = frozenset("a"), frozenset("ab"), frozenset("bc")
    assert [masi(a, a), masi(a, c), masi(frozenset(), frozenset())] == [0, 1, 0]
    assert masi(a, b) == pytest.approx(1 - 2 / 3 / 2)
    assert masi(b, c) == pytest.approx(1 - 1 / 3 / 3)
    # Krippendorff (2011), the example with missing values (four judges, twelve units): nominal alpha = 0.743.
    rows = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    units = [[None if value == "." else frozenset(value) for value in unit] for unit in zip(*rows, strict=True)]
    assert compared(units, lambda one, other: float(one != other)).alpha() == pytest.approx(0.743, abs=0.0005)
    assert compared([(a, a), (a, a)]).alpha() is None


def test_the_measures_of_sets_by_hand() -> None:
    meant, told = [{"a"}, {"a", "b"}, set[str](), {"b"}], [{"a"}, {"a"}, set[str](), {"c"}]
    found = set_scores.scores(meant, told)
    assert found["micro_f1"].value == pytest.approx(2 * 2 / (4 + 3))
    assert found["macro_f1"].value == pytest.approx((1 + 0 + 0) / 3)
    assert found["overlap"].value == pytest.approx((1 + 0.5 + 1 + 0) / 4)
    assert found["micro_f1"].low < found["micro_f1"].value < found["micro_f1"].high
    better = set_scores.difference(meant * 30, told * 30, meant * 30)
    assert (better.verdict, better.value) == ("better", pytest.approx(1 - 4 / 7))
