"""Which needs do the voices themselves suggest? Candidates from matters, from opinions, and from what neither knows.

Each source is one function of SOURCES: from a lake, a slice and what earlier sources suggested to candidates with a
key that stays the same every night. A voice that says what another said before counts for none of them: one text
posted forty times is one voice.

No candidate quotes a voice: its words stand in the voices of FEWEST_SHARED customers or more, so that nobody's own
words outlive their erasure or leave their unit.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from django.utils import translation

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.feedback import findings, outside
from huixiang.apps.needs.evidence import Kept, aspect, group, rule, words_of
from huixiang.apps.needs.models import KINDS, LONGEST_NAME
from huixiang.channels.contract import Fault
from huixiang.domain.needs.heads import heads
from huixiang.domain.statistics import share
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.topics.contrast import contrast
from huixiang.domain.understanding.topics.discovery import discover
from huixiang.domain.understanding.words import Words
from huixiang.lake import questions
from huixiang.lake.questions import Matters, Slice
from huixiang.lake.store import Lake

TREES = ("C", "D")  # causes and dimensions of service say what is wanted; channels and products, where
FEWEST, LEAST_SHARE = 10, 0.005  # voices of a candidate, and which share of all it surely has
FINER, ALONE = "D.", 0.4  # the tree whose leaves come first, and which share of voices nothing finer has
FEWEST_SHARED, TOLD = 5, 6  # voices that hold a word before it is told, and words told
BLAMED = "negative"  # what is said of an aspect that somebody wants to be otherwise
MOST_ASPECTS = 12  # words that one candidate from opinions gathers
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
    once, found = replace(slice_, copies=False), list[Candidate]()
    with translation.override("zh-hans"):  # names are kept, and the bank's own language is Chinese
        for source in SOURCES:
            found += list(source(lake, once, tuple(found)))
    return sorted(found, key=lambda each: (-each.count, each.key))


def from_topics(lake: Lake, slice_: Slice, before: Sequence[Candidate]) -> Iterator[Candidate]:
    """Matters of the taxonomy that many voices want something about."""
    of = questions.count(lake, slice_)
    leaves = {code: code for code, _name in findings.choices("taxonomy") if _tells(code)}
    wanted = replace(slice_, kinds=tuple(KINDS))
    counts = questions.kinds_of(lake, wanted, Matters("topics", leaves))
    sums = {code: sum(each.values()) for code, each in counts.items() if _enough(sum(each.values()), of)}
    chosen = _distinct(lake, wanted, sums)
    said = _said(lake, slice_, Matters("topics", {code: code for code in chosen}))
    for code in chosen:
        rules = [rule(group([code]), kinds=KINDS)]
        name = findings.name("taxonomy", code)
        yield Candidate(f"topic:{code}", name, _kind(counts[code]), said.get(code, ""), rules, sums[code])


def _tells(code: str) -> bool:
    tree, _, rest = code.partition(".")
    return tree in TREES and bool(rest) and not code.endswith(".other") and len(findings.below("taxonomy", code)) == 1


def _enough(count: int, of: int) -> bool:
    found = share(count, of)
    return count >= FEWEST and found is not None and found.low >= LEAST_SHARE


def _kind(counts: Mapping[str, int]) -> str:
    """What most of its voices want; of equal ones the first of KINDS."""
    return max(KINDS, key=lambda each: counts.get(each, 0))


def _distinct(lake: Lake, wanted: Slice, sums: dict[str, int]) -> list[str]:
    """Dimensions of service, and of the causes those that say something else: coarser, they often tell the same."""
    finer = [code for code in sums if code.startswith(FINER)]
    causes = {code: code for code in sorted(set(sums) - set(finer))}
    alone = questions.kinds_of(lake, wanted, Matters("topics", causes), without_topics=finer) if causes else {}
    return [*finer, *(code for code in causes if sum(alone.get(code, {}).values()) >= ALONE * sums[code])]


def from_opinions(lake: Lake, slice_: Slice, before: Sequence[Candidate]) -> Iterator[Candidate]:
    """What many blame by name, where no topic suggested already says it: 积分兑换, 年费返还 …

    Aspects that end in the same word are one (see domain.needs.heads). Praise is no need, and neither is what nobody
    judges.
    """
    wanted = replace(slice_, kinds=tuple(KINDS))
    blamed = {str(each.key): each.negative for each in questions.aspects(lake, wanted) if each.negative}
    members = _clusters(blamed)
    matters = Matters("aspects", {aspect(word, BLAMED): head for head, words in members.items() for word in words})
    of = questions.count(lake, slice_)
    counts = questions.kinds_of(lake, wanted, matters) if members else {}
    sums = {head: sum(each.values()) for head, each in counts.items() if _enough(sum(each.values()), of)}
    told = words_of((kept for each in before for kept in each.rules), "topics")
    alone = questions.kinds_of(lake, wanted, matters, without_topics=told) if sums else {}
    chosen = [head for head in sums if sum(alone.get(head, {}).values()) >= ALONE * sums[head]]
    kept = {key: head for key, head in matters.of.items() if head in chosen}
    said = _said(lake, slice_, Matters("aspects", kept)) if chosen else {}
    for head in sorted(chosen):
        rules = [rule(group(aspects=[(word, BLAMED) for word in members[head]]), kinds=KINDS)]
        name = f"{head[: LONGEST_NAME - 6]}方面的不满"
        yield Candidate(f"opinion:{head}"[:200], name, _kind(counts[head]), said.get(head, ""), rules, sums[head])


def _clusters(blamed: Mapping[str, int]) -> dict[str, list[str]]:
    """Head → the words that it gathers, the most blamed first; each in the voices of FEWEST_SHARED or more."""
    shared = {word: count for word, count in blamed.items() if count >= FEWEST_SHARED}
    members: dict[str, list[str]] = {}
    for word, head in heads(shared, FEWEST_SHARED).items():
        members.setdefault(head, []).append(word)
    return {
        head: sorted(words, key=lambda word: (-shared[word], word))[:MOST_ASPECTS] for head, words in members.items()
    }


def _said(lake: Lake, slice_: Slice, matters: Matters) -> dict[str, str]:
    """What the customers of each matter say oftener than the others, in words that many share; asked once for all."""
    if not matters.of:
        return {}
    wanted = replace(slice_, kinds=tuple(KINDS))
    here = questions.words_of(lake, wanted, matters, "negative", FEWEST_SHARED)
    there = questions.words(lake, slice_, "negative")
    places = "".join(Unit.objects.values_list("name", flat=True))
    return {matter: _wording(words, there, places) for matter, words in here.items()}


def _wording(here: questions.Words, there: questions.Words, places: str) -> str:
    # Of a family of copies another one may stand for it among those that want something: then `here` counts one more.
    others = {word: max(0, count - here.counts.get(word, 0)) for word, count in there.counts.items()}
    telling = contrast(here.counts, here.of, others, max(0, there.of - here.of))
    shared = [each.word for each in telling if each.count >= FEWEST_SHARED and len(each.word) > 1]
    words = [word for word in shared if word not in places][:TOLD]  # where it is said is no part of what is said
    return f"客户常提到：{'、'.join(words)}。" if words else ""


def from_texts(lake: Lake, slice_: Slice, before: Sequence[Candidate]) -> Iterator[Candidate]:
    """What many want and the taxonomy has no place for, found in the texts themselves."""
    wanted = replace(slice_, kinds=tuple(KINDS))
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


Source = Callable[[Lake, Slice, Sequence[Candidate]], Iterator[Candidate]]
SOURCES: tuple[Source, ...] = (from_topics, from_opinions, from_texts)
