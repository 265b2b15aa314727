"""People mark the words of opinions; what they teach reads imports, is compared, watched and taken back."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest

from huixiang.apps.access.jobs import perform
from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import actions, agreeing, dealing, doubting, gathering, values, watching, wording
from huixiang.apps.annotation.models import Label, ModelVersion
from huixiang.apps.feedback import findings, in_use
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.learned import span_scores
from huixiang.domain.understanding.opinions import agreeing as marking
from huixiang.domain.understanding.opinions import marks
from huixiang.domain.understanding.opinions.tags import ASPECT, OPINION, Misfit, Span
from huixiang.lake.questions import Voice
from huixiang.lake.store import Lake
from tests import make
from tests.apps import learning
from tests.apps.api import caller
from tests.apps.arrivals import bring_in, row, spoken, table
from tests.make import Bank

pytestmark = pytest.mark.one_database

WORDS = {
    **dict.fromkeys(("排队", "柜员", "电话", "环境", "大堂经理"), "aspect"),
    **dict.fromkeys(("手机银行", "新版"), "product"),
    **dict.fromkeys(
        ("太久", "没人管", "恶劣", "闪退", "不认账", "打不通", "周到", "整洁有序", "好用", "热情"), "opinion"
    ),
}


def truth(of: list[Voice]) -> dict[str, str]:
    """Voice id → what people mark of it: each word of WORDS, wherever it stands."""
    return {voice.id: marked(wording.said(voice.title, voice.text)) for voice in of}


def marked(text: str) -> str:
    every = ((word, kind, hit) for word, kind in WORDS.items() for hit in re.finditer(word, text))
    return marks.written(Span(hit.start(), hit.end(), marks.NAMES[kind]) for _word, kind, hit in every)


@pytest.fixture
def heard(bank: Bank, lake: Lake) -> list[Voice]:
    return learning.voices(lake, 60)


def say(person: Staff, every: dict[str, str], pages: int = 9) -> None:
    """She marks what is dealt to her, page by page."""
    for _page in range(pages):
        if dealt := dealing.deal("opinions", person):
            sealed = dealing.sealed("opinions", person, dealt)
            given = {each.voice.id: every[each.voice.id] for each in dealt}
            actions.label("opinions", given, dealing.opened("opinions", person, sealed), by=person)


def test_from_marks_to_a_model_that_reads_imports_and_old_voices_and_back(
    heard: list[Voice], lake: Lake, quality: Staff, bank: Bank, data: Path, tmp_path: Path, settings: Any
) -> None:
    settings.LABELLED_TWICE = 0.0
    every = truth(heard)
    say(quality, every)
    locked = learning.locked(dict(sorted(every.items())[:20]), quality, "opinions")
    assert not set(gathering.learnable("opinions")) & set(locked.labels())
    perform.func(str(actions.train("opinions", "o", by=quality).pk))
    version = ModelVersion.objects.get()
    assert (version.label, version.figures["n"], version.card["data"]["n"]) == ("o-1", 20, 40)
    assert set(version.card["data"]["labels"]) == {"-", "aspect", "product", "opinion"}
    assert version.figures["strict_f1"][0] > 0.7
    client = make.client(quality)
    card = client.get(f"/models/{version.pk}/").content.decode()
    assert "评价词 F1" in card
    kept = actions.activate(version, by=quality)
    assert kept.verdict["measure"] == "strict_f1"
    assert kept.verdict["difference"][0] > 0, "the rules know nothing of 没人管"
    bring_in(table(tmp_path / "next.csv", [row(99, 内容="排队太久没人管，柜员恶劣")]))
    voice = next(each for each in spoken(lake) if "没人管，柜员恶劣" in each.text)
    found = findings.of(voice)
    assert {("排队", "没人管"), ("柜员", "恶劣")} <= {(each.aspect, each.opinion) for each in found.opinions}
    assert found.by == {"opinions": "o-1"}
    assert "由模型 o-1 判断" in client.get(f"/voices/{voice.id}/").content.decode()
    of = actions.reread(["2026-06"], by=quality)
    perform.func(str(of.job_id))
    of.refresh_from_db()
    assert of.label.endswith(" + o-1")
    assert all(findings.of(each).by == {"opinions": "o-1"} for each in spoken(lake))
    assert watching.watch() == 1
    dealt = dealing.deal("opinions", make.staff("9004", bank.head_office, "analyst"))
    assert 0 < max(doubting.doubts("opinions", [each.voice for each in dealt])) < 1
    assert actions.roll_back("opinions", by=quality) is None
    assert in_use.pointer(data / "models") == {}


def test_the_page_takes_marks_and_two_who_differ_are_settled_by_a_third(
    heard: list[Voice], quality: Staff, bank: Bank, settings: Any
) -> None:
    settings.LABELLED_TWICE = 1.0
    every = truth(heard)
    client = make.client(quality)
    page = client.get("/labels/opinions/").content.decode()
    assert page.count("data-marker") == 20
    (dealt,) = re.findall(r'name="dealt" value="([^"]+)"', page)
    ids = list(dict.fromkeys(re.findall(r'name="voice-(\w+)"', page)))
    beyond = client.post(
        "/labels/opinions/", {"dealt": dealt, f"voice-{ids[0]}": "aspect:0-2,opinion:90-92"}, follow=True
    )
    assert "不在这条" in beyond.content.decode()
    given = {f"voice-{id}": [every[id]] for id in ids[:17]} | {
        f"voice-{ids[17]}": ["-"],
        f"voice-{ids[18]}": ["unsure"],
    }
    client.post("/labels/opinions/", {"dealt": dealt, f"voice-{ids[19]}": [""], **given})
    assert Label.objects.count() == 19, "an untouched voice is no voice without marks"
    colleague = make.staff("9004", bank.head_office, "analyst")
    say(colleague, {id: re.sub(r"aspect:\S+?(,|$)", "", value).rstrip(",") or "-" for id, value in every.items()}, 1)
    alpha = agreeing.agreement_of("opinions")
    assert (alpha.distance, alpha.voices >= 8) == ("characters", True)
    assert alpha.low <= alpha.value <= alpha.high < 1  # type: ignore[operator]
    assert alpha.strict is not None
    assert 0.5 < alpha.strict.value < 1
    assert agreeing.by_code("opinions")[0].code == "aspect"
    assert caller(quality).get("/labels/opinions/agreement").json()["strict_f1"] == pytest.approx(alpha.strict.value)
    third = make.client(make.staff("9005", bank.head_office, "quality_manager"))
    told = third.get("/labels/opinions/disputes/").content.decode()
    assert "采用 9002 的" in told
    (one, *_) = re.findall(r'name="voice" value="(\w+)"', told)
    third.post("/labels/opinions/disputes/", {"voice": one, "version": "1", "adopt": every[one], "value": ["", "-"]})
    assert gathering.learnable("opinions")[one] == every[one]
    lines = list(csv.DictReader(io.StringIO(client.get("/labels/opinions/export/").content.decode("utf-8-sig"))))
    settled = next(line for line in lines if line["voice_id"] == one)
    assert len(settled["bio"].split()) == len(settled["text"])


def test_marks_are_written_in_one_way_and_what_cannot_be_marked_is_told() -> None:
    assert values.valid("opinions", "opinion:2-4, aspect:0-2") == "aspect:0-2,opinion:2-4"
    assert values.shared(["aspect:0-2,opinion:2-4", "aspect:0-2"]) == "aspect:0-2"
    assert values.told("opinions", "aspect:0-2,opinion:2-4", "利率太高") == "评价对象 利率、评价词 太高"
    for wrong in ("", "mood:0-2", "aspect:2-2", "aspect:0-3,opinion:2-4", "aspect:0-21", "aspect"):
        with pytest.raises(Fault):
            values.valid("opinions", wrong)
    for text, wrong in (
        ("太\n慢", "opinion:0-3"),
        ("太慢 ", "opinion:0-3"),
        ("慢", "opinion:0-2"),
        ("〔手机〕慢", "opinion:2-5"),
    ):
        with pytest.raises(Misfit):
            marks.fitting(marks.read(wrong), text)


def test_agreement_and_difference_of_marks_by_hand() -> None:
    high, rate = Span(2, 4, OPINION), Span(0, 2, ASPECT)
    alike = [marking.Text(4, [[rate, high], [rate, high]]), marking.Text(6, [[], []])]
    assert marking.by_character(alike).alpha() == 1
    apart = [marking.Text(10, [[rate, high], [rate]])]
    # Of 20 values 4 are aspects, 2 opinion words, 14 nothing; 2 of 10 characters differ: 1 - 19 (4/20) / (212/20).
    assert marking.by_character(apart).alpha() == pytest.approx(1 - 4 * 19 / (20**2 - 4**2 - 2**2 - 14**2))
    found = marking.mark_by_mark(apart)
    assert found is not None
    assert found[0].value == pytest.approx(2 / 3)
    gold = [[rate, high], [], [high]] * 20
    better = span_scores.difference(gold, [[rate], [], [high]] * 20, gold)
    assert (better.verdict, better.value) == ("better", pytest.approx(1 - 2 * 2 / (3 + 2)))
    assert span_scores.scores(gold, gold)["f1_aspect"].value == 1
