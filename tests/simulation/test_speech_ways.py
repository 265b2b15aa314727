"""Does each text sound like where it comes from? Amounts, fillers, guises, clerks, one way of speaking a person."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest

from huixiang.simulation.speech import Facts, Speaker, Utterance
from huixiang.simulation.speech.frames import frames
from huixiang.simulation.speech.voices import FACES, voices

REQUESTS = ("demand", "expectation", "question")
FEES = ("fees.change", "fees.sms", "fees.transparency")
BRANCH = ("branch.waiting", "branch.attitude", "process.documents", "fees.change", "access.service")


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    return Speaker(["滨海银行"])


def _said(speaker: Speaker, topics: Sequence[str], number: int, *, mood: str = "negative", **how) -> list[Utterance]:
    dice = np.random.default_rng(3)
    return [speaker.say(dice, [(topics[place % len(topics)], mood)], **how) for place in range(number)]


def test_a_fee_is_small_money(speaker: Speaker) -> None:
    for said in _said(speaker, FEES, 900, tone="plain"):
        assert not re.search("[0-9一二两三五十几][万千]", said.text), said.text
        assert all(int(sum_) <= 300 for sum_ in re.findall(r"(\d+)[元块]", said.text)), said.text


def test_what_else_is_told_belongs_to_the_place(speaker: Speaker) -> None:
    elsewhere = re.compile("重启|卸载|重装|缓存|wifi|取了号|看别人办|下着雨|带着孩子|先填单子")
    for said in _said(speaker, FEES, 900, length="long"):
        assert not elsewhere.search(said.text), said.text
    for said in _said(speaker, ["app.login", "app.stability"], 300, length="long", tone="plain"):
        assert not re.search("大厅|取号|填单|排队", said.text), said.text


def test_who_has_been_served_does_not_wait_any_more(speaker: Speaker) -> None:
    for said in _said(speaker, ["branch.waiting", "process.steps"], 900):
        assert not re.search("还没轮到|还没办上|还没办成|没轮到", said.text), said.text
    facts = Facts(minutes=40, left=True)
    left = _said(speaker, ["branch.waiting"], 300, facts=facts, tone="plain", kind="pain_point", length="medium")
    assert not any("才轮到" in said.text for said in left)
    assert any("没轮到" in said.text for said in left)


def test_on_paper_and_aloud_nobody_types(speaker: Speaker) -> None:
    typed = re.compile("登陆|跟新|必需|觉的|[A-Za-z]{4,}|五星|一星")
    for guise in ("paper", "spoken"):
        for mood in ("negative", "positive"):
            for said in _said(speaker, BRANCH, 600, mood=mood, guise=guise):
                assert not FACES.search(said.text), said.text
                assert "！！" not in said.text, said.text
                assert not typed.search(said.text), said.text
                assert said.tone not in ("typo", "emoji", "english")


def test_a_clerk_writes_in_the_third_person(speaker: Speaker) -> None:
    for tone, begins in (("clerk", "客户|接客户|手机银行"), ("office", "监管转办|接监管|根据监管|12378|投诉人")):
        for said in _said(speaker, BRANCH, 400, tone=tone, length="long", facts=Facts(source="客服热线")):
            assert re.match(begins, said.text), said.text
            assert not re.search("我(?!行)|你|[A-Za-z！？]", said.text), said.text
            assert not FACES.search(said.text)
            opinion = said.opinions[0]
            assert opinion.aspect
            assert opinion.opinion
            assert said.text.endswith("。")


def test_a_supervisor_s_letter_is_told_by_its_words(speaker: Speaker) -> None:
    for said in _said(speaker, BRANCH, 200, tone="office", length="long", facts=Facts(source="监管转办")):
        assert "监管" in said.text or "12378" in said.text
        assert said.text.endswith(("投诉人。", "结果。", "情况。")), said.text


def test_a_person_keeps_one_way_of_writing(speaker: Speaker) -> None:
    ways = {name for name, voice in voices().items() if voice.way}
    own = []
    for writer in range(200):
        tones = {
            said.tone
            for mood in ("negative", "positive")
            for said in _said(speaker, BRANCH, 6, mood=mood, writer=writer)
        }
        assert len(tones & ways) <= 1
        assert not (tones & ways and tones - ways), tones
        own.append(tones & ways)
    share = sum(map(bool, own)) / len(own)
    assert 0.2 < share < 0.5
    assert len(set().union(*own)) == len(ways)


def test_blame_does_not_end_a_wish_nor_praise(speaker: Speaker) -> None:
    harsh = [one.parts[0][0] for guise in ("typed", "paper") for one in frames().closings[guise]["negative"]]
    harsh += ["没有下次了"]
    for said in _said(speaker, [*BRANCH, "app.design"], 1500, tone="plain"):
        if said.kind in REQUESTS:
            assert not said.text.rstrip("。！").endswith(tuple(harsh)), said.text
    dice = np.random.default_rng(4)
    for _ in range(400):
        about = [("branch.waiting", "negative"), ("branch.attitude", "positive")]
        said = speaker.say(dice, about, tone="plain", kind="pain_point")
        assert not said.text.rstrip("。！").endswith(tuple(harsh)), said.text


def test_connectors_are_rare(speaker: Speaker) -> None:
    said = _said(speaker, list(speaker.topics()), 1500, mood="positive", length="medium|long")
    assert sum(bool(re.search("尤其是|最满意的是|不得不说|说说", one.text)) for one in said) < 0.02 * len(said)


def test_a_question_is_announced_once(speaker: Speaker) -> None:
    asked = re.compile("(请问|想问|请教|咨询|打听|问一下|麻烦问).{0,6}(请问|想问|请教|咨询|打听|问一下|麻烦问)")
    for said in _said(speaker, ["card.debit", "app.limit"], 400, mood="neutral", kind="question"):
        assert not asked.search(said.text), said.text
