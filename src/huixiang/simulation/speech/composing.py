"""In which order is it said? A beginning, what is thought of what, what is asked for, an end; then the voice."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from huixiang.simulation.speech.contract import Facts, Utterance
from huixiang.simulation.speech.draft import Draft
from huixiang.simulation.speech.frames import frames
from huixiang.simulation.speech.hand import Hand
from huixiang.simulation.speech.material import FOR, REQUESTS, materials, topic_of, word_lists
from huixiang.simulation.speech.pattern import Pattern
from huixiang.simulation.speech.personal import plant, stock
from huixiang.simulation.speech.recording import record
from huixiang.simulation.speech.voices import Voice, voices
from huixiang.simulation.speech.wording import Scene

_CLOSED = frozenset("。！？!?…~～，,；、]")
_PARTICLES = frozenset("吗呢吧嘛哦哈呀啦喇啊呗咯")
_STATED = 0.55  # share of statements written as whole sentences; the others are put together from a facet
_OWN_REQUEST = 0.8


@dataclass(frozen=True, slots=True)
class Saying:
    """What is to be said, all choices made? `lead` comes before anything else (我先说); `guise` is one of GUISES.

    `used` holds what was said already, where several speak in turn and should not repeat one another.
    """

    about: tuple[tuple[str, str], ...]
    sentiment: str
    tone: str
    length: str
    kind: str
    facts: Facts
    planted: bool
    lead: str = ""
    guise: str = "typed"
    used: set[int] = field(default_factory=set)

    @property
    def typed(self) -> bool:
        """Does it come from a keyboard, with what only keyboards have?"""
        return self.guise == "typed"


class Composer:
    """Who puts the words together? Holds the material, read once; every call brings its own dice."""

    def __init__(self, banks: tuple[str, ...]) -> None:
        self.banks = banks
        self.materials = materials()
        self.voices = voices()
        self._frames = frames()
        self._stock = stock()
        aloud = word_lists(guise="aloud")
        self._words = {
            "typed": word_lists(),
            "spoken": word_lists(guise="spoken"),
            "paper": aloud,
            "record": word_lists(guise="record"),
        }
        self._old = {False: word_lists(guise="old", alone=True), True: word_lists(guise="record_old", alone=True)}
        self._aloud = {name: voice.aloud() for name, voice in self.voices.items()}
        self._facets = {
            (code, mood): [facet for facet in one.facets if facet.opinions[mood]]
            for code, one in self.materials.items()
            for mood in one.topic.polarities
        }

    def compose(self, hand: Hand, saying: Saying) -> Utterance:
        """The finished text with all that is true of it."""
        voice = (self.voices if saying.typed else self._aloud)[saying.tone]
        guise, facts = "record" if voice.record else saying.guise, saying.facts
        saying = replace(saying, about=tuple((self._own(topic, facts), mood) for topic, mood in saying.about))
        words = {**self._words[guise], **self._old[voice.record]} if facts.old else self._words[guise]
        scene = Scene(hand, Draft(), facts, self.banks, words, used=saying.used)
        if not voice.record:
            known = {"errand": facts.errand, "who": facts.who}
            scene.said |= {slot: word for slot, word in known.items() if word}
        if saying.lead:
            scene.draft.add(saying.lead)
        if saying.kind == "noise":
            scene.put(hand.pick(self._frames.noise))
        elif voice.record:
            record(scene, saying.about, saying.kind, self._frames.record[saying.tone], self.materials)
        elif saying.length == "short":
            self._short(scene, saying, voice)
        else:
            self._told(scene, saying, voice)
        self._end(scene, saying, voice)
        scene.draft.change(voice.change(hand, typed=saying.typed))
        scene.draft.trim()
        text, opinions, mentions, planted = scene.draft.finish()
        noise = saying.kind == "noise"
        topics = () if noise else tuple(dict.fromkeys(topic_of(topic) for topic, _ in saying.about))
        sentiment = "neutral" if noise else saying.sentiment
        return Utterance(text, topics, sentiment, saying.kind, saying.tone, opinions, mentions, planted)

    def _own(self, topic: str, facts: Facts) -> str:
        """The topic as this customer knows it, where that is written."""
        own = f"{topic}{FOR}{facts.impairment}"
        return own if own in self.materials else topic

    def _short(self, scene: Scene, saying: Saying, voice: Voice) -> None:
        """As on a phone in the street: a word, or one thought a topic."""
        hand, asks = scene.hand, saying.kind in REQUESTS
        topic, mood = saying.about[0]
        if len(saying.about) == 1 and not asks and not saying.lead and saying.typed and hand.chance(0.1):
            self._clause(scene, topic, mood)
            return scene.put(hand.pick(self._quick(topic, mood)), "opinion")
        opened = hand.chance(0.45 if voice.marked else 0.3 if saying.typed else 0.12)
        if opened:
            self._open(scene, saying, voice, mood)
        alone = self._asked_first(saying) and (mood == "neutral" or (mood == "negative" and hand.chance(0.6)))
        if not opened and not alone and hand.chance(0.25):
            self._begin(scene, saying, topic, mood)
        for pair in _order(saying)[1:] if alone else _order(saying):
            self._state(scene, saying, pair, voice)
        if asks:
            self._ask(scene, saying, voice)
        if hand.chance(0.25) or (voice.marked and not opened):
            self._close(scene, saying, voice)
        return None

    def _told(self, scene: Scene, saying: Saying, voice: Voice) -> None:
        """As one writes in an armchair: how it came, what happened, what should be."""
        hand, long = scene.hand, saying.length == "long"
        (topic, mood), *_ = about = _order(saying)
        opened = hand.chance(0.5 if voice.openings[mood] else 0.12)
        if opened:
            self._open(scene, saying, voice, mood)
        asks = saying.kind in REQUESTS
        alone = self._asked_first(saying) and mood == "neutral" and not (long and hand.chance(0.6))
        if not alone and (long or hand.chance(0.6)):
            self._begin(scene, saying, topic, mood)
        for place, pair in enumerate(about):
            if not (alone and place == 0):
                for _ in range(_count(hand, len(about), long=long)):
                    self._state(scene, saying, pair, voice)
            if place == 0 and long and mood == "negative" and not saying.facts.left:
                self._tell(scene, topic)
        if asks:
            self._ask(scene, saying, voice)
        if hand.chance(0.7 if long else 0.35) or (voice.marked and not opened):
            self._close(scene, saying, voice)

    @staticmethod
    def _asked_first(saying: Saying) -> bool:
        """Is something asked, and of the first topic? Then asking may be all that is said of it."""
        return saying.kind in REQUESTS and saying.about[0][1] == saying.sentiment

    def _quick(self, topic: str, mood: str) -> tuple[Pattern, ...]:
        scenes = set(self.materials[topic].scenes)
        app, branch = scenes & {"screen", "fault"}, scenes & {"visit", "place"}
        more = self._frames.quick["app" if app else "branch"][mood] if app or branch else ()
        return self._frames.quick["any"][mood] + more

    def _open(self, scene: Scene, saying: Saying, voice: Voice, mood: str) -> None:
        scene.mood = mood
        own, general = voice.openings[mood], self._frames.interjections[saying.guise][mood]
        options = own if own and (voice.marked or scene.hand.chance(0.75)) else general
        if saying.kind != "question":
            options = tuple(one for one in options if not _asks(one)) or options
        opening = scene.hand.pick(options)
        if saying.kind == "question" and _asks(opening):
            scene.said["ask"] = ""  # who has said 请教一下 does not say 想问问 as well
        scene.put(opening)

    def _begin(self, scene: Scene, saying: Saying, topic: str, mood: str) -> None:
        """How it came. Who speaks of several topics at once begins with the place of the first."""
        scene.mood, scene.material = mood, self.materials[topic]
        if saying.facts.left:
            return
        scenes = self.materials[topic].scenes
        scene.put(scene.hand.pick(self._frames.openings[scene.hand.pick(scenes)][mood]))

    def _tell(self, scene: Scene, topic: str) -> None:
        self._join(scene, "。")
        scene.put(scene.fresh(self._frames.stories[scene.hand.pick(self.materials[topic].scenes)]))
        self._join(scene, "。")

    def _state(self, scene: Scene, saying: Saying, pair: tuple[str, str], voice: Voice) -> None:
        """One thought about one topic: a sentence of its own, or an aspect with an opinion that fits it.

        One sentence a topic and text: two of them may tell of two different mornings.
        """
        hand, (topic, mood) = scene.hand, pair
        before = scene.draft.clauses[-1][1] if scene.draft.clauses else mood
        turn = {("negative", "positive"): "better", ("positive", "negative"): "worse"}.get((before, mood), "same")
        joints, further = self._frames.joints[turn], bool(scene.draft.clauses)
        if further:
            self._join(scene, hand.pick(joints), voice)
        self._clause(scene, topic, mood)
        material, facets = self.materials[topic], self._facets[topic, mood]
        left = saying.facts.left and material.says["left"] if mood == "negative" else ()
        says = left or material.says[mood]
        free = [facet for facet in facets if id(facet) not in scene.used]
        if says and topic not in scene.told and (not facets or left or hand.chance(_STATED) or not free):
            scene.told.add(topic)
            scene.put(scene.fresh(says))
        else:
            scene.facet = scene.fresh(free or facets)
            scene.put(self._frames.clauses[mood][0] if further else hand.pick(self._frames.clauses[mood]))

    def _ask(self, scene: Scene, saying: Saying, voice: Voice) -> None:
        """What is asked for. It counts as an opinion only where nothing has been said of the topic yet."""
        # Who is annoyed asks about what annoys, even if something else was praised first.
        topic, mood = next((pair for pair in saying.about if pair[1] == saying.sentiment), saying.about[0])
        if scene.draft.clauses:
            self._join(scene, "。" if scene.hand.chance(0.5) else "，", voice)
        said = any(code == topic for code, _ in scene.draft.clauses)
        if said:
            scene.number, scene.mood, scene.material = -1, mood, self.materials[topic]
        else:
            self._clause(scene, topic, mood)
        wishes = saying.kind == "expectation" and mood == "positive"
        own = () if wishes else self.materials[topic].says[saying.kind]
        general = self._frames.requests["pleased" if wishes else saying.kind]
        scene.put(scene.fresh(own if own and (not said or scene.hand.chance(_OWN_REQUEST)) else general))
        if saying.kind == "question" or scene.draft.last() in "吗呢":
            self._join(scene, "？")

    def _close(self, scene: Scene, saying: Saying, voice: Voice) -> None:
        """Thanks or a last word. None that blames after praise or after a wish, and none at all after a lone lead."""
        hand, mood = scene.hand, saying.sentiment
        last = scene.draft.clauses[-1][1] if scene.draft.clauses else mood
        kind = saying.kind
        if kind in REQUESTS and mood != "positive":
            if saying.guise == "spoken" and not voice.marked:
                return
            firm = kind == "demand" and voice.marked
            lists = voice.closings["negative" if firm else "neutral"] if voice.marked else self._frames.asked[kind]
            if kind == "question" or not lists:
                lists = voice.closings["neutral"] or self._frames.asked[kind]
        elif {last, mood} == {"negative", "positive"}:
            lists = self._frames.asked["mixed"]
        else:
            own, general = voice.closings[mood], self._frames.closings[saying.guise][mood]
            lists = own if own and hand.chance(0.85 if voice.marked else 0.6) else general
        self._join(scene, "。" if hand.chance(0.5) else "，", voice)
        scene.mood = mood
        scene.put(hand.pick(lists))

    def _end(self, scene: Scene, saying: Saying, voice: Voice) -> None:
        hand = scene.hand
        if saying.planted:
            self._join(scene, "。" if voice.record else hand.pick("，。。"))
            there = all({"visit", "place"} & set(self.materials[topic].scenes) for topic, _ in saying.about)
            guise = "formal" if voice.record else saying.guise
            plant(hand, scene.draft, self._stock, guise, at_outlet=there)
            if voice.record:
                return self._join(scene, "。")
        faces = voice.emoji[saying.sentiment]
        if not faces and saying.typed and not voice.record and hand.chance(0.04):
            faces = self.voices["emoji"].emoji[saying.sentiment]
        if faces and hand.chance(0.85):
            face = hand.pick(faces)
            self._join(scene, hand.pick(voice.ends))
            scene.draft.add(face * hand.pick((1, 1, 1, 2, 3)))
        else:
            self._join(scene, hand.pick(voice.ends))
        return None

    def _clause(self, scene: Scene, topic: str, mood: str) -> None:
        """From here on, marks belong to a new opinion."""
        scene.number = len(scene.draft.clauses)
        scene.draft.clauses.append((topic, mood))
        scene.material, scene.mood, scene.facet = self.materials[topic], mood, None

    def _join(self, scene: Scene, joint: str, voice: Voice | None = None) -> None:
        """Put a mark between what was said and what comes, unless one stands there already."""
        last = scene.draft.last()
        if not last or not joint or last in _CLOSED or (joint[0] in _CLOSED and _is_face(last)):
            return
        if joint in _PARTICLES and last in _PARTICLES:
            return
        if voice and voice.emoji[scene.mood] and scene.hand.chance(0.3):
            joint = scene.hand.pick(voice.emoji[scene.mood]) + joint.lstrip("，。")
        scene.draft.add(joint)


def _order(saying: Saying) -> tuple[tuple[str, str], ...]:
    """What is said first? What the whole comes to; what is to be said against it follows."""
    return tuple(sorted(saying.about, key=lambda pair: pair[1] != saying.sentiment))


def _count(hand: Hand, topics: int, *, long: bool) -> int:
    """How many thoughts about one topic? More where there is room and little else to say."""
    most = (3 if topics == 1 else 2) if long else (2 if topics == 1 else 1)
    return hand.number(2 if long and topics == 1 else 1, most)


def _asks(opening: Pattern) -> bool:
    """Does it announce a question?"""
    return any(
        sign in text for text, is_slot, _ in opening.parts if not is_slot for sign in ("问", "問", "请教", "請教")
    )


def _is_face(character: str) -> bool:
    return character > "\U00010000" or character in "\u2764\ufe0f"
