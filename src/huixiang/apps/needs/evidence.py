"""By which voices is a need borne out? Its rules as they are kept, as the lake is asked, and in words.

A rule is JSON: {"every": [{"topics": [...], "terms": [...], "aspects": [...]}], "none": [...], "kinds": [...]}. A voice
meets it where each group of `every` holds at least one of its topics, terms or aspects, and no group of `none` does. A
topic stands for all below it in the tree; an aspect is kept with what is said of it, as the lake keeps it. Rules of
earlier versions have no aspects.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from huixiang.apps.access.models import Staff
from huixiang.apps.feedback import findings
from huixiang.apps.feedback.interpreter import masked_value
from huixiang.apps.feedback.names import SENTIMENTS
from huixiang.apps.needs.models import KINDS, Need
from huixiang.channels.contract import Fault
from huixiang.domain.understanding.normal import normalise
from huixiang.lake.questions import AnyOf, Evidence, Rule, Slice

Group = dict[str, list[str]]
Kept = dict[str, Any]  # a rule as JSON


def group(topics: Iterable[str] = (), terms: Iterable[str] = (), aspects: Iterable[tuple[str, str]] = ()) -> Group:
    """Words come as people write them, and are kept as the lake searches them; `aspects` are (word, feeling)."""
    named = {(_plain(word), feeling) for word, feeling in aspects}
    return {
        "topics": sorted(set(topics)),
        "terms": [term for term in dict.fromkeys(map(_plain, terms)) if term],
        "aspects": sorted(aspect(word, feeling) for word, feeling in named if word),
    }


def _plain(words: str) -> str:
    return " ".join(normalise(words).split())


def aspect(word: str, feeling: str) -> str:
    """As the lake keeps it: what is spoken of, and how."""
    return f"{word}\t{feeling}"


def is_empty(kept: Group) -> bool:
    return not any(kept.values())


def known(topics: Iterable[str]) -> None:
    """Raises Fault for a topic that the bank's tree does not hold today: it would choose nothing."""
    if strange := [code for code in topics if not findings.knows("taxonomy", code)]:
        raise Fault("分类树里没有“%(code)s”", code=strange[0][:40])


def harmless(terms: Iterable[str]) -> None:
    """Terms are kept and shown as they are. Raises Fault where one tells of a person."""
    for term in terms:
        if (masked := masked_value("", term)) != term:
            raise Fault("“%(term)s”像是个人信息，不能作为词语", term=masked)


def rule(*every: Group, none: Sequence[Group] = (), kinds: Iterable[str] = ()) -> Kept:
    return {"every": list(every), "none": list(none), "kinds": sorted(kinds)}


def asked(need: Need) -> Evidence:
    """What the lake is asked for; `need.pins` should be prefetched where many needs are shown."""
    pins = need.pins.all()
    return Evidence(
        rules=tuple(
            Rule(tuple(map(_any_of, each["every"])), tuple(map(_any_of, each["none"])), tuple(each["kinds"]))
            for each in need.rules
        ),
        pinned=tuple(sorted(pin.voice_id for pin in pins if pin.counts)),
        excluded=tuple(sorted(pin.voice_id for pin in pins if not pin.counts)),
    )


def _any_of(kept: Group) -> AnyOf:
    topics = [code for topic in kept["topics"] for code in findings.below("taxonomy", topic) or (topic,)]
    return AnyOf(tuple(sorted(set(topics))), tuple(kept["terms"]), tuple(kept.get("aspects", ())))


def reach(staff: Staff) -> Slice | None:
    """All voices that this person may read; None where she may read none, so that nothing can be counted for her."""
    return Slice(branches=staff.scope("voice.see"), dated=True) if "voice.see" in staff.rights else None


def heard(within: Slice, need: Need) -> Slice:
    """The need's voices among those."""
    return replace(within, evidence=asked(need))


def words_of(rules: Iterable[Kept], part: str) -> list[str]:
    """All topics, all terms or all aspects by which voices are chosen."""
    return sorted({each for kept in rules for group in kept["every"] for each in group.get(part, ())})


def index(need: Need) -> None:
    """Keep what search and filter go by, after name, statement or rules have changed."""
    need.topics = words_of(need.rules, "topics")
    names = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            names += [findings.name("taxonomy", code) for code in need.topics]
    words = [*words_of(need.rules, "terms"), *(each.partition("\t")[0] for each in words_of(need.rules, "aspects"))]
    need.searchable = normalise(" ".join([need.name, need.statement, *words, *names]))


def told(kept: Kept) -> str:
    """A rule in words."""
    parts = [_("说到 %(any)s") % {"any": _group_told(each)} for each in kept["every"]]
    parts += [_("没有说到 %(any)s") % {"any": _group_told(each)} for each in kept["none"]]
    if kept["kinds"] and set(kept["kinds"]) != set(KINDS):
        parts.append(_("性质为 %(kinds)s") % {"kinds": _("、").join(str(KINDS[kind]) for kind in kept["kinds"])})
    return _("；").join(parts)


def _group_told(kept: Group) -> str:
    words = [_("“%(term)s”") % {"term": term} for term in kept["terms"]]
    said = [each.partition("\t") for each in kept.get("aspects", ())]
    opinions = [
        _("“%(aspect)s”（%(feeling)s）") % {"aspect": a, "feeling": SENTIMENTS[feeling]} for a, _tab, feeling in said
    ]
    return _(" 或 ").join([*(findings.short(code) for code in kept["topics"]), *words, *opinions])
