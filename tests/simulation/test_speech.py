"""Does the made-up bank's speech tell the truth about itself? What it says it planted must stand in the text."""

from __future__ import annotations

import re
from collections import Counter

import numpy as np
import pytest

from huixiang.domain.understanding.digits import is_identity, is_luhn
from huixiang.simulation.speech import Facts, Speaker, Utterance
from huixiang.simulation.speech.contract import LENGTHS, POLARITIES, sentiment_of
from huixiang.simulation.speech.material import materials
from huixiang.simulation.speech.voices import traditional, voices

NAMES = ("滨海银行", "滨海行")
TOLD = Facts(product="滨海手机银行", branch="青年路支行", version="8.3.1", minutes=47, times=3)
_WIDE = str.maketrans("０１２３４５６７８９Ｘ＠．－零一二三四五六七八九〇幺", "0123456789X@.-0123456789" + "01")


@pytest.fixture(scope="module")
def speaker() -> Speaker:
    return Speaker(NAMES)


def _pairs(speaker: Speaker) -> list[tuple[str, str]]:
    return [(topic.code, mood) for topic in speaker.topics().values() for mood in topic.polarities]


def _many(speaker: Speaker, number: int, seed: int = 7, **how: object) -> list[Utterance]:
    dice, pairs = np.random.default_rng(seed), _pairs(speaker)
    return [speaker.say(dice, [pairs[dice.integers(len(pairs))]], **how) for _ in range(number)]


def _at(utterance: Utterance, span) -> str:
    assert 0 <= span.start < span.end <= len(utterance.text), utterance
    return utterance.text[span.start : span.end]


def test_the_same_dice_say_the_same(speaker: Speaker) -> None:
    again = Speaker(NAMES)
    assert _many(speaker, 500, plant=0.5) == _many(again, 500, plant=0.5)
    assert _many(speaker, 50, seed=1) != _many(speaker, 50, seed=2)


def test_there_is_enough_to_say(speaker: Speaker) -> None:
    assert len(speaker.topics()) >= 30
    assert all(topic.polarities == POLARITIES for topic in speaker.topics().values())


def test_every_topic_is_said_in_each_polarity_tone_and_length(speaker: Speaker) -> None:
    dice = np.random.default_rng(1)
    for code, mood in _pairs(speaker):
        for tone in voices():
            for length in LENGTHS:
                said = speaker.say(dice, [(code, mood)], tone=tone, length=length)
                assert said.text.strip()
                assert said.topics == (code,)
                assert said.tone == tone
                assert {(opinion.topic, opinion.polarity) for opinion in said.opinions} == {(code, mood)}


def test_plain_spans_hold_the_written_words(speaker: Speaker) -> None:
    dice = np.random.default_rng(2)
    for _ in range(300):
        said = speaker.say(dice, [("branch.waiting", "negative")], tone="plain", length="short", kind="pain_point")
        opinion = said.opinions[0]
        assert opinion.opinion is not None
        words = _at(said, opinion.opinion)
        assert words[0] not in "，。！ "
        assert words[-1] not in "，。 "
        if opinion.aspect:
            assert _at(said, opinion.aspect) != words


def test_spans_of_names_hold_the_names_in_every_voice(speaker: Speaker) -> None:
    seen: Counter[str] = Counter()
    own = {product for material in materials().values() for product in material.products}  # of the topics
    wanted = {"bank": set(NAMES), "product": {TOLD.product, *own}}
    for tone in voices():
        script = voices()[tone].script
        for said in _many(speaker, 400, tone=tone, length="medium|long", facts=TOLD):
            for mention in said.mentions:
                known = {traditional(name, script) if script else name for name in wanted[mention.kind]}
                assert _at(said, mention.span) in known
                seen[mention.kind] += 1
            for opinion in said.opinions:
                for span in filter(None, (opinion.aspect, opinion.opinion)):
                    assert _at(said, span).strip()
    assert seen["bank"] > 300
    assert seen["product"] > 30


def test_planted_data_stand_where_they_are_said_to_and_pass_their_checks(speaker: Speaker) -> None:
    seen: Counter[str] = Counter()
    for said in _many(speaker, 8000, plant=1.0):
        assert said.planted
        for planted in said.planted:
            seen[planted.kind] += 1
            assert _reads_as(planted.kind, _at(said, planted.span), planted.value), (said, planted)
            if planted.kind == "identity":
                assert is_identity(planted.value)
            if planted.kind == "card":
                assert is_luhn(planted.value)
                assert len(planted.value) in (16, 19)
    assert set(seen) == {"mobile", "identity", "card", "name", "address", "email", "plate", "landline"}


def _reads_as(kind: str, written: str, value: str) -> bool:
    if written == value:
        return True
    if kind == "address":
        written = written.translate(_WIDE)
        return [part for part in written if part.isdigit()] == [part for part in value if part.isdigit()]
    if "****" in written:
        return written == value[:3] + "****" + value[-4:]
    plain = written.replace(" at ", "@").translate(_WIDE)
    for mark in " -·()":
        plain, value = plain.replace(mark, ""), value.replace(mark, "")
    return plain.removeprefix("+86").upper() == value.upper()


# What public numbering plans give to nobody; mail of RFC 2606. Names and addresses may be somebody's by chance.
NOBODYS = {
    "mobile": re.compile(r"1(54|61|63|64|69)\d{8}"),
    "identity": re.compile(r"\d{2}9999(19|20)\d{9}[\dX]"),
    "card": re.compile(r"620000\d{10}(\d{3})?"),
    "landline": re.compile(r"0(26|61\d|64\d|65\d)-[2-8]\d{6,7}"),
    "plate": re.compile(r"[宁青琼][K-Y].\d{4}"),
    "email": re.compile(r"[\w.]+@(\w+\.)?example\.(com|org|net)"),
}


def test_planted_numbers_belong_to_nobody(speaker: Speaker) -> None:
    for said in _many(speaker, 3000, plant=1.0):
        for planted in said.planted:
            if planted.kind in NOBODYS:
                assert NOBODYS[planted.kind].fullmatch(planted.value), planted


def test_nothing_is_planted_unless_asked_for(speaker: Speaker) -> None:
    assert not any(said.planted for said in _many(speaker, 1000))


def test_sentiment_follows_the_polarities(speaker: Speaker) -> None:
    dice, pairs = np.random.default_rng(3), _pairs(speaker)
    for _ in range(1500):
        about = [pairs[place] for place in dice.choice(len(pairs), 2, replace=False)]
        if about[0][0] == about[1][0]:
            continue
        said = speaker.say(dice, about)
        assert said.sentiment == sentiment_of(tuple(mood for _, mood in about))
        assert {(opinion.topic, opinion.polarity) for opinion in said.opinions} == set(about)


def test_blame_wins_a_tie() -> None:
    assert sentiment_of(("positive", "negative")) == "negative"
    assert sentiment_of(("positive", "positive", "negative")) == "positive"
    assert sentiment_of(("neutral", "neutral")) == "neutral"


def test_kinds_fit_the_sentiment_and_nothing_to_say_is_noise(speaker: Speaker) -> None:
    kinds = {mood: set() for mood in POLARITIES}
    for said in _many(speaker, 3000):
        kinds[said.sentiment].add(said.kind)
    assert kinds == {
        "negative": {"pain_point", "demand", "expectation"},
        "neutral": {"question", "expectation"},
        "positive": {"praise", "expectation"},
    }
    noise = speaker.say(np.random.default_rng(1), [])
    assert (noise.kind, noise.sentiment, noise.topics, noise.opinions) == ("noise", "neutral", (), ())


def test_what_happened_is_what_is_said(speaker: Speaker) -> None:
    dice = np.random.default_rng(4)
    facts = Facts(branch="青年路支行", minutes=47)
    texts = [
        speaker.say(
            dice, [("branch.waiting", "negative")], tone="plain", length="long", facts=facts, kind="pain_point"
        ).text
        for _ in range(400)
    ]
    assert any("47分钟" in text for text in texts)
    assert any("青年路支行" in text for text in texts)
    for text in texts:
        assert not any(f"{minutes}分钟" in text for minutes in range(20, 150) if minutes != 47), text


def test_reviews_are_not_visibly_repetitive(speaker: Speaker) -> None:
    reviews = _many(speaker, 20_000, length="short|medium")
    texts = [said.text for said in reviews if not _a_word_only(said)]
    share = 1 - len(set(texts)) / len(texts)
    assert share < 0.05, f"{share:.1%} of {len(texts)} reviews repeat another word for word"


def _a_word_only(said: Utterance) -> bool:
    return len(said.text) <= 8 and len(said.opinions) == 1 and said.opinions[0].aspect is None


def test_a_polarity_or_tone_that_is_not_offered_is_named(speaker: Speaker) -> None:
    dice = np.random.default_rng(1)
    with pytest.raises(ValueError, match=r"no topic 'branch\.tea'"):
        speaker.say(dice, [("branch.tea", "negative")])
    with pytest.raises(ValueError, match="cannot be said as 'furious'"):
        speaker.say(dice, [("branch.waiting", "furious")])
    with pytest.raises(ValueError, match="no tone 'shouting'"):
        speaker.say(dice, [("branch.waiting", "negative")], tone="shouting")
