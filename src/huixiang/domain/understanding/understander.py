"""What does a batch of texts say? Mask, normalise, cut, judge, file: the whole of understanding in one call."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import NamedTuple, Protocol, TypedDict, Unpack

from huixiang.domain.understanding.contract import Kind, Opinion, Risk, Sentiment, Topic, Understanding
from huixiang.domain.understanding.duplicates import bands_of
from huixiang.domain.understanding.masking import MARK, mask
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.opinions.reading import Opinions
from huixiang.domain.understanding.phrases import Phrases
from huixiang.domain.understanding.reading import Reader, Reading
from huixiang.domain.understanding.sentiment import Model, Sentiments
from huixiang.domain.understanding.words import Words

VERSION = "rules-3"  # stored with every voice, so that a later model knows what to read again


class TopicModel(Protocol):
    """What every topic model offers: batches in, batches out, in the same order."""

    speaks_for: frozenset[str] | None  # its codes, where the taxonomy's words tell all others; None: it tells all

    def read(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[tuple[Topic, ...]]:
        """The topics of normal texts, given with their pieces as words.Words.tokens cuts them."""
        ...


class KindModel(Protocol):
    """What every model of kind offers."""

    def read(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[Kind]:
        """The kind of normal texts, given with their pieces."""
        ...


class RiskModel(Protocol):
    """What every model of risks offers."""

    def read(self, normals: Sequence[str], tokens: Sequence[Sequence[str]]) -> list[tuple[Topic, ...]]:
        """The codes of the risk book that normal texts bear, as topics are told."""
        ...


class Models(TypedDict, total=False):
    """What a bank taught, each in place of the rules or beside them; None is as good as not given.

    `topics` tells topics that take the taxonomy's place, or stand beside it; `risks` more risks than the book's words
    tell, never fewer.
    """

    sentiments: Model | None
    kinds: KindModel | None
    topics: TopicModel | None
    risks: RiskModel | None
    opinions: Opinions | None


class Again(NamedTuple):
    """What a text says whose normal form was kept: all of its understanding that another model may tell otherwise."""

    words: tuple[str, ...]
    phrases: tuple[str, ...]
    sentiment: Sentiment
    opinions: tuple[Opinion, ...]
    topics: tuple[Topic, ...]
    topics_unknown: str
    kind: Kind
    risks: tuple[Risk, ...]


class Understander:
    """Reads texts in batches of any size; some hundreds at once are fastest. Keeps nothing of what it read.

    `dictionary` holds the bank's words that stay whole; `reader` is the bank's own taxonomy and risks in place of the
    product's; `models` are what the bank taught, see Models.
    """

    def __init__(self, dictionary: Iterable[str] = (), reader: Reader | None = None, **models: Unpack[Models]) -> None:
        self._words, self._phrases = Words(dictionary), Phrases()
        self._reader = reader or Reader()
        self._sentiments = models.get("sentiments") or _by_rules()
        self._opinions = models.get("opinions") or Opinions()
        self._kinds, self._topics, self._risks = models.get("kinds"), models.get("topics"), models.get("risks")

    def read(self, texts: Sequence[str], addressed: Sequence[bool] = ()) -> list[Understanding]:
        """Understand texts, in their order. Everything after the masking sees only what masking left.

        `addressed` says of each whether it was said to the bank itself: 年费太贵 is a complaint there, and may be mere
        talk in a forum of card holders. Where nobody knows (empty), the words decide.
        """
        masked = [mask(text) for text in texts]
        # A marker says nothing about the matter, and who searches for 手机 does not mean 〔手机〕.
        normals = [normalise(MARK.sub("。", found.text)) for found in masked]
        tokens = [self._words.tokens(normal) for normal in normals]
        words = [self._words.content(pieces) for pieces in tokens]
        phrases = [self._phrases.read(pieces, content) for pieces, content in zip(tokens, words, strict=True)]
        sentiments = self._sentiments.read(normals, tokens, addressed)
        readings = self._readings(normals, tokens, sentiments, addressed)
        opinions = self._opinions.read([found.text for found in masked])
        return [
            Understanding(found.text, found.counts, *rest, *reading)
            for found, *rest, reading in zip(
                masked, normals, words, phrases, sentiments, bands_of(normals), opinions, readings, strict=True
            )
        ]

    def taught(self, code: str) -> str:
        """On which topic has a model of the bank's own the word: this one, or one above it? "" where rules tell it."""
        if not self._topics or self._topics.speaks_for is None:
            return code if self._topics else ""
        while code and code not in self._topics.speaks_for:
            code = code.rpartition(".")[0]
        return code

    def again(self, normals: Sequence[str], masked: Sequence[str] = (), addressed: Sequence[bool] = ()) -> list[Again]:
        """Understand texts once more, from the normal and the masked form that are kept of them.

        Without the masked form no opinions are read. `addressed` as in `read`.
        """
        tokens = [self._words.tokens(normal) for normal in normals]
        words = [self._words.content(pieces) for pieces in tokens]
        phrases = [self._phrases.read(pieces, content) for pieces, content in zip(tokens, words, strict=True)]
        sentiments = self._sentiments.read(normals, tokens, addressed)
        readings = self._readings(normals, tokens, sentiments, addressed)
        opinions = self._opinions.read(masked) if masked else [()] * len(normals)
        return [
            Again(word, phrase, sentiment, opinion, *reading)
            for word, phrase, sentiment, opinion, reading in zip(
                words, phrases, sentiments, opinions, readings, strict=True
            )
        ]

    def _readings(
        self,
        normals: Sequence[str],
        tokens: Sequence[Sequence[str]],
        sentiments: Sequence[Sentiment],
        addressed: Sequence[bool],
    ) -> list[Reading]:
        more = self._risks.read(normals, tokens) if self._risks else ()
        readings = self._reader.read(normals, sentiments, addressed, more)
        if self._kinds:
            kinds = self._kinds.read(normals, tokens)
            readings = [reading._replace(kind=kind) for reading, kind in zip(readings, kinds, strict=True)]
        if not self._topics:
            return readings
        told = self._topics.read(normals, tokens)
        return [self._filed(*both) for both in zip(readings, told, strict=True)]

    def _filed(self, reading: Reading, told: tuple[Topic, ...]) -> Reading:
        """The model's topics in the taxonomy's place, or beside those on which the model has no word."""
        assert self._topics is not None
        if self._topics.speaks_for is None:
            why = "empty" if reading.topics_unknown == "empty" else "weak"
            return reading._replace(topics=told, topics_unknown="" if told else why)
        own = [topic for topic in told if topic.code in self._reader.topics]  # the tree may have changed since
        rules = [topic for topic in reading.topics if topic.code not in self._topics.speaks_for]
        topics = most_telling([*own, *rules])
        return reading._replace(topics=topics, topics_unknown="" if topics else reading.topics_unknown or "weak")


@cache
def _by_rules() -> Sentiments:
    return Sentiments()


def most_telling(topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """The most probable first, and none that stands above another: 手机银行 is 电子渠道 already."""
    codes = [topic.code for topic in topics]
    kept = [topic for topic in topics if not any(code.startswith(f"{topic.code}.") for code in codes)]
    return tuple(sorted(kept, key=lambda topic: (-topic.probability, topic.code)))
