"""Which needs do the voices themselves suggest? Candidates from what the taxonomy knows, and from what it does not.

Each source is one function of SOURCES: from a lake and a slice to candidates with a key that stays the same every
night. Opinions (aspect, opinion, polarity) will be a third source, with a list of their own in the rules' groups.

No candidate quotes a voice: its words stand in the voices of FEWEST_SHARED customers or more, so that nobody's own
words outlive their erasure or leave their unit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from django.utils import translation

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import findings, outside
from huixiang.apps.needs.evidence import Kept, group, rule, words_of
from huixiang.apps.needs.models import KINDS, LONGEST_NAME
from huixiang.channels.contract import Fault
from huixiang.domain.statistics import share
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.topics.contrast import contrast
from huixiang.domain.understanding.topics.discovery import discover
from huixiang.domain.understanding.words import Words
from huixiang.lake import questions
from huixiang.lake.questions import AnyOf, Evidence, Rule, Slice
from huixiang.lake.store import Lake

TREES = ("C", "D")  # causes and dimensions of service say what is wanted; channels and products, where
FEWEST, LEAST_SHARE = 10, 0.005  # voices of a candidate, and which share of all it surely has
FINER, ALONE = "D.", 0.4  # the tree whose leaves come first, and which share of a cause's voices none of them has
FEWEST_SHARED, TOLD = 5, 6  # voices that hold a word before it is told, and words told
MOST_READ = 5_000  # voices read for topics that the taxonomy does not know
UNKNOWN = 0.5  # of a found topic's voices have no place in the taxonomy
MOST_FOUND = 5
FOUND = "found:"
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A need that could be one: `key` says from what, the same every night; `count` voices speak for it."""

    key: str
    name: str
    kind: str
    statement: str
    rules: list[Kept]
    count: int


def candidates(lake: Lake, slice_: Slice) -> list[Candidate]:
    """What the voices of the slice suggest, the most voices first."""
    with translation.override("zh-hans"):  # names are kept, and the bank's own language is Chinese
        found = [each for source in SOURCES for each in source(lake, slice_)]
    return sorted(found, key=lambda each: (-each.count, each.key))


def from_topics(lake: Lake, slice_: Slice) -> Iterator[Candidate]:
    """Matters of the taxonomy that many voices want something about."""
    of = questions.count(lake, slice_)
    counts: dict[str, dict[str, int]] = {}
    for kind in KINDS:
        for each in questions.mentions(lake, replace(slice_, kinds=(kind,)), "topics"):
            counts.setdefault(str(each.key), {})[kind] = each.total
    sums = {code: sum(each.values()) for code, each in counts.items() if _tells(code) and _enough(each, of)}
    for code in _distinct(lake, slice_, sums):
        kind = max(KINDS, key=lambda each: counts[code].get(each, 0))
        rules = [rule(group([code]), kinds=KINDS)]
        evidence = Evidence((Rule((AnyOf((code,)),), kinds=tuple(sorted(KINDS))),))
        said = _said(lake, slice_, replace(slice_, evidence=evidence))
        yield Candidate(f"topic:{code}", findings.name("taxonomy", code), kind, said, rules, sums[code])


def _tells(code: str) -> bool:
    tree, _, rest = code.partition(".")
    return tree in TREES and bool(rest) and not code.endswith(".other") and len(findings.below("taxonomy", code)) == 1


def _enough(counts: dict[str, int], of: int) -> bool:
    found = share(sum(counts.values()), of)
    return sum(counts.values()) >= FEWEST and found is not None and found.low >= LEAST_SHARE


def _distinct(lake: Lake, slice_: Slice, sums: dict[str, int]) -> list[str]:
    """Dimensions of service, and of the causes those that say something else: coarser, they often tell the same."""
    finer = [code for code in sums if code.startswith(FINER)]
    chosen = list(finer)
    for code in sorted(set(sums) - set(finer)):
        alone = Rule((AnyOf((code,)),), (AnyOf(tuple(sorted(finer))),) if finer else (), tuple(sorted(KINDS)))
        if questions.count(lake, replace(slice_, evidence=Evidence((alone,)))) >= ALONE * sums[code]:
            chosen.append(code)
    return chosen


def _said(lake: Lake, everything: Slice, mine: Slice) -> str:
    """What these customers say oftener than the others, in words that many share."""
    here, there = questions.words(lake, mine, "negative"), questions.words(lake, everything, "negative")
    others = {word: count - here.counts.get(word, 0) for word, count in there.counts.items()}
    telling = contrast(here.counts, here.of, others, max(0, there.of - here.of))
    places = "".join(Unit.objects.values_list("name", flat=True))
    shared = [each.word for each in telling if each.count >= FEWEST_SHARED and len(each.word) > 1]
    words = [word for word in shared if word not in places][:TOLD]  # where it is said is no part of what is said
    return f"客户常提到：{'、'.join(words)}。" if words else ""


def from_texts(lake: Lake, slice_: Slice) -> Iterator[Candidate]:
    """What many want and the taxonomy has no place for, found in the texts themselves."""
    wanted = replace(slice_, kinds=tuple(KINDS), copies=False)
    voices = list(islice(questions.stream(lake, replace(wanted, since=_newest(lake, wanted))), MOST_READ))
    if len(voices) < FEWEST:
        return
    kinds = {voice.id: voice.kind or "" for voice in voices}
    found = discover(
        [normalise(f"{voice.title} {voice.text}") for voice in voices],
        [voice.id for voice in voices],
        Words(),
        is_known=[bool(voice.topics) for voice in voices],
        names=list(Unit.objects.values_list("name", flat=True)),
    )
    telling = [topic for topic in found if (topic.unknown or 0.0) >= UNKNOWN and topic.count >= FEWEST]
    for topic in telling[:MOST_FOUND]:
        mine = [kinds[each] for each in topic.ids]
        words = group(terms=topic.phrases)
        key = f"{FOUND}{'|'.join(sorted(words['terms']))}"[:200]
        said = f"客户常提到：{'、'.join(topic.phrases)}。"
        yield Candidate(
            key, topic.name[:LONGEST_NAME], max(KINDS, key=mine.count), said, [rule(words, kinds=KINDS)], topic.count
        )


def with_names(found: list[Candidate], *, by: Staff | str, source: str = "") -> list[Candidate]:
    """What the outside model would call topics found in the texts, told in their statement; people rename a need."""
    topics = [words_of(each.rules, "terms") if each.key.startswith(FOUND) else [] for each in found]
    try:
        asked = outside.ask_names([phrases for phrases in topics if phrases], by=by, source=source)
    except Fault as fault:  # needs are proposed all the same
        log.warning("no names of the outside model: %s", fault)
        return found
    names = iter(asked)
    return [_told(each, next(names)) if phrases else each for each, phrases in zip(found, topics, strict=True)]


def _told(candidate: Candidate, name: str) -> Candidate:
    return replace(candidate, statement=f"{candidate.statement}外接模型建议的名称：{name}。") if name else candidate


def _newest(lake: Lake, wanted: Slice) -> date | None:
    """The first day from which on no more than MOST_READ voices are left: of too many, the newest are read."""
    first, left = wanted.since, MOST_READ
    for day in reversed(questions.volume(lake, wanted, by="day")):
        left -= day.total
        if left < 0:
            break
        first = day.key if isinstance(day.key, date) else first
    return first


SOURCES: tuple[Callable[[Lake, Slice], Iterator[Candidate]], ...] = (from_topics, from_texts)
