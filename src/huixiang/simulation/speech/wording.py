"""Which words fill the placeholders? What happened where it is known, something likely where it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from huixiang.simulation.speech.contract import Facts
from huixiang.simulation.speech.draft import Draft
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.material import Facet, Material
from huixiang.simulation.speech.pattern import ASPECT, OPINION, Pattern

_T = TypeVar("_T")
_LIKELY_MINUTES = {"negative": (25, 150), "neutral": (10, 40), "positive": (2, 10)}
# Nobody waits before a screen as long as in a lobby.
_ON_SCREEN, _SCREENS = (2, 12), {"screen", "fault"}
_COUNTED = "零一两三四五六七八九十"
_NEW = ("新版", "最新版", "新版本", "这个版本", "最近这版")
_PRODUCTS = ("手机银行", "网上银行")


@dataclass(slots=True)
class Scene:
    """Who speaks of what at this moment? `number` is the clause that marks belong to; -1 outside of any."""

    hand: Hand
    draft: Draft
    facts: Facts
    banks: Sequence[str]
    words: Mapping[str, Sequence[str]]
    material: Material | None = None
    mood: str = "neutral"
    facet: Facet | None = None
    number: int = -1
    minutes: int = 0
    said: dict[str, str] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    told: set[str] = field(default_factory=set)

    def fresh(self, options: Sequence[_T]) -> _T:
        """Which of these that was not said yet? After a few tries a repetition is let pass."""
        for _ in range(4):
            option = self.hand.pick(options)
            if id(option) not in self.used:
                break
        self.used.add(id(option))
        return option

    def put(self, pattern: Pattern, role: str = "") -> None:
        """Say this pattern now: plain parts as they are, placeholders filled, marks kept as roles of the pieces."""
        for text, is_slot, own in pattern.parts:
            mark = role or own
            if not is_slot:
                self.draft.add(text, mark, self.number if mark else -1)
            elif text == ASPECT:
                self.put(self.hand.pick(self._facet().aspects), ASPECT)
            elif text == OPINION:
                self.put(self.hand.pick(self._facet().opinions[self.mood]), OPINION)
            else:
                self._put_word(text, mark)

    def _put_word(self, slot: str, mark: str) -> None:
        # One speaker has one yesterday, one mother and one wait: what was said once holds for the whole text.
        word = self.said.get(slot)
        if word is None:
            word = self.said[slot] = self.hand.pick(self.words[slot]) if slot in self.words else _FILLS[slot](self)
        self.draft.add(word, mark, self.number if mark else -1, slot if slot in ("bank", "product", "branch") else "")

    def _facet(self) -> Facet:
        if self.facet is None:
            if self.material is None:
                raise ValueError("{aspect} and {opinion} need a topic: greetings and noise cannot hold them")
            self.facet = self.hand.pick(self.material.facets)
        return self.facet


def _minutes(scene: Scene) -> int:
    if not scene.minutes:
        on_screen = scene.material is not None and _SCREENS & set(scene.material.scenes)
        likely = _ON_SCREEN if on_screen else _LIKELY_MINUTES[scene.mood]
        scene.minutes = scene.facts.minutes or scene.hand.number(*likely)
    return scene.minutes


def _wait(scene: Scene) -> str:
    """Minutes as people say them: to the minute, or as half hours once it is long. Never more than it was."""
    minutes = _minutes(scene)
    if minutes >= 30 and scene.hand.chance(0.6):
        hours, half = divmod(minutes, 60)
        whole = f"{_COUNTED[hours] if 0 < hours <= 10 else hours}个" if hours else ""
        if half >= 30:
            return f"{whole}半小时" if hours else "半个多小时"
        return f"{whole}多小时" if half >= 5 else f"{whole}小时"
    return f"{minutes}分钟"


def _times(scene: Scene) -> str:
    times = scene.facts.times if scene.facts.times > 1 else scene.hand.number(2, 5)
    return _COUNTED[times] if 1 <= times <= 10 and scene.hand.chance(0.7) else str(times)


def _nth(scene: Scene) -> str:
    """第几次, which says 二 where 几次 says 两."""
    times = max(2, scene.facts.times or scene.hand.number(2, 5))
    return "二" if times == 2 else _COUNTED[times] if times <= 10 else str(times)


def _version(scene: Scene) -> str:
    version = scene.facts.version
    return scene.hand.pick((f"{version}版", f"{version}版本", f"v{version}")) if version else scene.hand.pick(_NEW)


def _product(scene: Scene) -> str:
    """What it is about: a product of the topic's, that of the visit if it is one of these."""
    own, known = scene.material.products if scene.material else (), scene.facts.product
    return known if known and (not own or known in own) else scene.hand.pick(own or _PRODUCTS)


_FILLS: Mapping[str, Callable[[Scene], str]] = {
    "product": _product,
    "bank": lambda scene: scene.hand.pick(scene.banks),
    "branch": lambda scene: scene.facts.branch or scene.hand.pick(scene.words["somewhere"]),
    "version": _version,
    "minutes": lambda scene: str(_minutes(scene)),
    "wait": _wait,
    "times": _times,
    "nth": _nth,
}
