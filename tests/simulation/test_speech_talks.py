"""Do calls and focus groups go as they would? The agent's required words, the moderator, whose turn it is."""

from __future__ import annotations

import re

import numpy as np
import pytest

from huixiang.simulation.events.causes import CAUSES
from huixiang.simulation.speech import Speaker, Turn, Utterance
from huixiang.simulation.speech.voices import FACES

REQUIRED = ("很高兴为您服务", "抱歉给您带来不便", "感谢来电")
FORBIDDEN = ("不知道，", "归我管", "你自己看")


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    return Speaker(["滨海银行"])


def _calls(speaker: Speaker, polite: float) -> list[tuple[Utterance, list[Turn]]]:
    dice = np.random.default_rng(5)
    said = [
        speaker.say(dice, [("hotline.resolution", "negative")], tone="plain", length="short|medium|long")
        for _ in range(400)
    ]
    return [(one, speaker.dialogue(dice, one, agent_name="8021号", polite=polite)) for one in said]


def _by(who: str, turns: list[Turn]) -> str:
    return "".join(turn.text for turn in turns if turn.who == who)


def test_a_call_has_4_to_14_turns_by_turns_and_the_customer_says_all(speaker: Speaker) -> None:
    for said, turns in _calls(speaker, 0.5):
        assert 4 <= len(turns) <= 14
        assert [turn.who for turn in turns] == [("agent", "customer")[place % 2] for place in range(len(turns))]
        first, second = turns[1].text, turns[3].text
        words = FACES.sub("", said.text)
        assert words in first or any(first.endswith(words[:cut]) and second == words[cut:] for cut in range(len(words)))


def test_a_polite_agent_says_all_required_words_and_no_forbidden_ones(speaker: Speaker) -> None:
    for _, turns in _calls(speaker, 1.0):
        agent = _by("agent", turns)
        assert all(words in agent for words in REQUIRED)
        assert not any(words in agent for words in FORBIDDEN)


def test_an_impolite_agent_says_none_and_seldom_forbidden_ones(speaker: Speaker) -> None:
    calls = [_by("agent", turns) for _, turns in _calls(speaker, 0.0)]
    assert not any(words in agent for agent in calls for words in REQUIRED)
    share = sum(any(words in agent for words in FORBIDDEN) for agent in calls) / len(calls)
    assert 0.03 < share < 0.25


def test_politeness_is_the_share_of_required_words(speaker: Speaker) -> None:
    calls = [_by("agent", turns) for _, turns in _calls(speaker, 0.6)]
    for words in REQUIRED:
        share = sum(words in agent for agent in calls) / len(calls)
        assert 0.5 < share < 0.7, words


def test_a_discussion_is_led_from_topic_to_topic(speaker: Speaker) -> None:
    about = [("branch.waiting", "negative"), ("app.login", "positive")]
    talk = speaker.discussion(np.random.default_rng(6), about, people=6)
    assert talk[0][0] == talk[-1][0] == "主持人"
    assert all(said.kind == "noise" and not said.topics for who, said in talk if who == "主持人")
    people = {who for who, _ in talk} - {"主持人"}
    assert people <= {f"参与者{letter}" for letter in "ABCDEF"}
    assert len(people) >= 3
    assert [topic for topic, _ in about] == list(dict.fromkeys(topic for _, said in talk for topic in said.topics))
    again = speaker.discussion(np.random.default_rng(6), about, people=6)
    assert talk == again
    with pytest.raises(ValueError, match="from 1 to 26"):
        speaker.discussion(np.random.default_rng(6), about, people=40)


def test_whoever_agrees_thinks_the_same_as_the_last_speaker(speaker: Speaker) -> None:
    about = [("branch.waiting", "negative"), ("branch.attitude", "positive"), ("branch.facilities", "neutral")]
    agreed = 0
    for seed in range(60):
        before: tuple[tuple[str, ...], str] | None = None
        for who, said in speaker.discussion(np.random.default_rng(seed), about, people=6):
            if who == "主持人":
                continue
            mood = said.opinions[0].polarity
            if re.match("我同意|我也|我补充|我这边也", said.text):
                agreed += 1
                assert before == (said.topics, mood), said.text
            before = (said.topics, mood)
    assert agreed > 60


def test_round_the_table_each_speaks_in_one_way_and_nobody_writes(speaker: Speaker) -> None:
    about = [("branch.waiting", "negative"), ("app.login", "positive"), ("app.design", "neutral")]
    for seed in range(40):
        tones: dict[str, set[str]] = {}
        for who, said in speaker.discussion(np.random.default_rng(seed), about, people=6):
            if who != "主持人":
                tones.setdefault(who, set()).add(said.tone)
                assert not re.search("您好|客服您好|[Hh]ello|plz|差评|一星|回复", said.text), said.text
        assert all(len(own) == 1 for own in tones.values())


def test_the_agent_has_heard_what_it_is_about(speaker: Speaker) -> None:
    dice = np.random.default_rng(9)
    for topic, words in (("fees.sms", "短信|收费|扣费"), ("app.login", "登录|登不上"), ("app.limit", "限额")):
        for _ in range(60):
            said = speaker.say(dice, [(topic, "negative")], length="medium", guise="spoken")
            turns = speaker.dialogue(dice, said, agent_name="张三", polite=0.8, seconds=150)
            assert re.search(words, turns[2].text), turns[2]


def test_a_longer_call_has_more_to_say(speaker: Speaker) -> None:
    dice = np.random.default_rng(9)
    lengths = []
    for seconds in (50, 120, 240):
        said = speaker.say(dice, [("loan.mortgage", "neutral")], length="medium", guise="spoken", kind="question")
        turns = speaker.dialogue(dice, said, agent_name="张三", polite=0.8, seconds=seconds)
        lengths.append(sum(len(turn.text) for turn in turns))
    assert lengths == sorted(lengths)
    assert lengths[-1] > 1.5 * lengths[0]  # what fits the question alone: there is only so much to say


def test_nobody_asks_what_the_caller_has_just_answered(speaker: Speaker) -> None:
    dice, heard = np.random.default_rng(3), set[str]()
    misses = {
        "卡丢了": "卡片现在还在您手上|卡片状态是正常|没有，先打电话问问",
        "微信提醒": "扣费是在哪张卡|一并签了约|您要是不用，我现在",
        "手续费": "已经从您账户扣出|收款人的户名",
        "换了手机号": "有没有换过手机|密码连着输错",
    }
    for topic in ("card.debit", "fees.sms", "app.transfer", "app.login"):
        for _ in range(60):
            said = speaker.say(dice, [(topic, "neutral")], guise="spoken", kind="question", tone="plain")
            agent = _by("agent", speaker.dialogue(dice, said, agent_name="张三", polite=0.8, seconds=250))
            for words, wrong in misses.items():
                if words in said.text:
                    heard.add(words)
                    assert not re.search(wrong, agent), agent
    assert heard == set(misses)


def test_whoever_takes_a_complaint_down_asks_about_it_and_promises_an_answer(speaker: Speaker) -> None:
    dice = np.random.default_rng(4)
    for topic in dict.fromkeys(cause.topic for cause in CAUSES):
        said = speaker.say(dice, [(topic, "negative")], length="medium", guise="spoken")
        turns = speaker.dialogue(dice, said, agent_name="张三", polite=0.8, seconds=200, intake=True)
        assert "之前反映过" not in turns[2].text
        assert re.search("登记|工单", _by("agent", turns)), turns


def test_a_question_gets_its_own_answer(speaker: Speaker) -> None:
    dice, answered = np.random.default_rng(12), 0
    wanted = {
        "app.transfer": ("撤回", "撤回|撤不了"),
        "card.debit": ("卡丢了", "挂失"),
        "loan.mortgage": ("公积金", "公积金"),
    }
    for topic, (asked, answer) in wanted.items():
        for _ in range(60):
            said = speaker.say(
                dice, [(topic, "neutral")], length="medium", guise="spoken", kind="question", tone="plain"
            )
            turns = speaker.dialogue(dice, said, agent_name="张三", polite=0.8, seconds=100)
            if asked in said.text:
                answered += 1
                assert re.search(answer, _by("agent", turns)), turns
    assert answered > 20
