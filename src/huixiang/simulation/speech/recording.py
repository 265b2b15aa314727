"""What does a clerk put down of it, or the supervisor's office? What happened, what is wanted, no more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from huixiang.simulation.speech.frames import Lists
from huixiang.simulation.speech.material import Material
from huixiang.simulation.speech.pattern import ASPECT, OPINION
from huixiang.simulation.speech.wording import Scene

_OTHER = "其他"
_ANSWERED = 0.5  # share of entries that say what was answered so far


def record(
    scene: Scene, about: Sequence[tuple[str, str]], kind: str, frames: Lists, of: Mapping[str, Material]
) -> None:
    """One entry: how it came in, what is reported of each topic, what was answered so far, what is wanted.

    Where the customer's own words are known, they stand there instead of the clerk's.
    """
    hand = scene.hand
    if scene.facts.told:
        scene.put(hand.pick(frames["quoted"]))
        scene.draft.add("“")
        scene.draft.quote(scene.facts.told)
        scene.draft.add("”")
    else:
        scene.put(hand.pick(frames.get(scene.facts.source) or frames[_OTHER]))
    for place, (topic, mood) in enumerate(() if scene.facts.told else about):
        if place:
            scene.put(hand.pick(frames["and"]))
        _fact(scene, of[topic], mood)
    scene.draft.add("，")
    scene.number = -1
    topic, mood = about[0]
    if mood == "negative" and hand.chance(_ANSWERED):
        scene.put(hand.pick(frames["so"]))
    own = of[topic].says["wants"] if mood == "negative" and kind == "demand" else ()
    scene.put(hand.pick(own if own and hand.chance(0.85) else frames[kind]))
    scene.put(hand.pick(frames["end"]))


def _fact(scene: Scene, material: Material, mood: str) -> None:
    """One thing reported: as clerks put it where that is written, else what is thought of one of the topic's nouns."""
    hand = scene.hand
    scene.number = len(scene.draft.clauses)
    scene.draft.clauses.append((material.topic.code, mood))
    scene.material, scene.mood = material, mood
    if told := material.says["told"] if mood == "negative" else ():
        scene.put(scene.fresh(told))
        return
    scene.facet = hand.pick([facet for facet in material.facets if facet.opinions[mood]])
    scene.put(hand.pick(scene.facet.aspects), ASPECT)
    scene.put(hand.pick(scene.facet.opinions[mood]), OPINION)
