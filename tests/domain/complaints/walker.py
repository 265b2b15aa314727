"""Does a case ever go a way it must not? Random walks through the life of complaints, beside a plain list of nevers.

`python -m tests.domain.complaints.walker --walks 20000 --seed 21`: people, verbs and particulars are drawn at random,
what the table allows is done, and each step is looked at by `Nevers`, which knows the law and the house's rules in
words of its own and nothing of the table.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import replace
from random import Random

from huixiang.domain.complaints.acting import Act, entry_of
from huixiang.domain.complaints.lifecycle import VERBS, after, open_verbs, refusal, stand
from huixiang.domain.complaints.rulebook import shipped
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.standing import Entry, Standing
from huixiang.domain.complaints.states import State
from tests.domain.complaints.risky import HOUR, Restated, Risks

PEOPLE = ("ann", "bo", "cui", "dai", "")
NOTHING = frozenset[str]()
UNITS = {"ann": frozenset({"N1", "N"}), "bo": frozenset({"N1", "N"}), "cui": frozenset({"N"})}
LEVELS = {"cui": frozenset({"superior_unit"}), "dai": frozenset({"head_office_executive"})}
ABOVE = {"cui", "dai"}
RULES = ("simple", "complex", "specially-complex")
LIMIT_FEN = 50_000
FOUR = frozenset({"review", "mediation", "arbitration", "litigation"})
ALL = list(VERBS)
SELDOM = {"hold", "withdraw", "archive", "merge", "refuse", "absorb", "accuse", "note", "classify", "new_facts",
          "contact", "attach", "detach", "grade", "hand_over", "ask_mandate", "check_mandate", "add_account",
          "tie", "suspect"}  # fmt: skip
# What is learnt of an ended case, and moves nothing.
KNOWN = {"note", "attach", "detach", "classify", "acknowledge", "add_account", "tie", "untie", "suspect"}
ASKED_FOR = ("dispute", "apply_review")  # by these the complainant himself wants it dealt with again
OFFERED = {state: [code for code, _ in open_verbs(Standing(state=state))] for state in State}
# What only few walks get as far as is chosen more often there, or nothing would be known of it.
DEEP = {"mediate", "settle", "fail_mediation", "apply_review", "decide_review", "tell_review",
        "confirm", "dispute", "close"}  # fmt: skip
FAR = {state: sorted(DEEP.intersection(offered)) for state, offered in OFFERED.items()}
START = 1_780_000_000  # after the first of the rules in force: 2026
Steps = list[tuple[str, Act]]


def chosen(dice: Random, now: Standing) -> str:
    """Mostly what the state offers, and seldom what ends the walk."""
    if dice.random() < 0.03:
        return dice.choice(ALL)
    offered = OFFERED[now.state]
    if FAR[now.state] and dice.random() < 0.4:
        return dice.choice(FAR[now.state])
    for _ in range(12):
        verb = dice.choice(offered)
        if verb not in SELDOM or dice.random() < 0.05:
            return verb
    return "note"


def drawn(dice: Random, now: Standing, at: int, risks: Risks) -> Act:
    """Anything; each particular is mostly right and sometimes not."""
    verb = chosen(dice, now)
    is_hers = now.handler and verb != "decide_review" and dice.random() < 0.4
    by = now.handler if is_hers else dice.choice(PEOPLE)
    asks, sloppy = VERBS[verb].asks, dice.random() < 0.25
    at -= 3 * (sloppy and dice.random() < 0.15)  # before the risks are asked for, which are those found by then
    right = Act(
        verb,
        at,
        by=by,
        units=UNITS.get(by, NOTHING),
        levels=LEVELS.get(by, NOTHING),
        told_at=at,
        has_words=True,
        reason="not_entitled" if verb == "refuse" else "appraisal" if "reason" in asks else "",
        rule=dice.choice(RULES) if "rule" in asks else "",
        to=dice.choice(PEOPLE),
        to_units=UNITS["ann"],
        unit=dice.choice(("N1", "S1", "")),
        case=now.into if verb == "split" else dice.choice(("c2", "c3", "")),
        fen=dice.choice((0, 20_000, 90_000)),
        limit_fen=LIMIT_FEN,
        names_grounds=True,
        remedies=FOUR,
        seriousness="ordinary",
        medium="phone",
        direction="out",
        outcome=dice.choice(("reached", "no_answer", "call_back")),
        call_back_at=at + 5,
        file={"id": dice.choice(("f1", "f2")), "sha256": "0"} if "file" in asks else {},
        accused=frozenset({dice.choice(PEOPLE)} - {""}) if verb == "absorb" else frozenset(),
        stands_for={"ann": UNITS["ann"]} if by == "bo" else {},
        mandate=dice.choice(("held", "invalid", "missing", "")) if "mandate" in asks else "",
        has_account=True,
        is_confirmed=verb == "tie",
        suspicion="cleared",
        classes={"cause": dice.choice(("C.pricing", "C.nothing"))} if verb == "classify" else {},
        known={"cause": frozenset({"C.pricing"})},
        is_above=by in ABOVE,
        is_same_customer=True,
        **(risks.told(by, at) if verb == "acknowledge" else {}),
    )
    return spoilt(dice, right) if sloppy else right


def spoilt(dice: Random, act: Act) -> Act:
    """The same with one to four particulars drawn anew."""
    particulars = {
        "told_at": dice.choice((None, None, act.at - 5, act.at + 5)),
        "has_words": False,
        "reason": dice.choice(("holiday", "")),
        "rule": "",
        "names_grounds": False,
        "remedies": FOUR - {"review"},
        "seriousness": dice.choice(("complex", "major", "")),
        "accused": frozenset({dice.choice(PEOPLE)} - {""}),
        "conflicts": frozenset({"S1"}),
        "is_same_customer": False,
        "is_lapsed": True,
        "to_away_until": "2026-01-01",
        "outcome": "",
        "file": {},
        "is_review_lapsed": True,
        "ranks": frozenset(dice.sample(("handler", "unit", "superior", "head_office"), dice.randrange(3))),
    }
    return replace(act, **{name: particulars[name] for name in dice.sample(list(particulars), dice.randrange(1, 5))})


def walk(dice: Random, pack: Pack, most: int = 40) -> tuple[Steps, list[str]]:
    """One case from its receipt on: the steps that were taken, and what must never have been."""
    now, at, done, entries = Standing(), START, Steps(), list[Entry]()
    nevers, risks, found = Nevers(), Risks(), []
    for _ in range(dice.randrange(4, most)):
        at += dice.randrange(0, 3) if dice.random() < 0.9 else dice.randrange(60) * HOUR
        nevers.risks.find(risks.find(dice, at))
        act = drawn(dice, now, at, risks)
        if not done:
            act = replace(act, verb="register", rule="simple", unit="N1")
        if refusal(now, act, pack) is not None:
            continue
        entry = entry_of(now, act, VERBS[act.verb].asks, pack)
        was, now = now, after(now, entry)
        risks.learn(entry)
        found += [f"{act.verb}: {each}" for each in nevers.seen(act)]
        if now.handler and now.handler in now.accused:
            found.append(f"{act.verb}: {now.handler} handles what is about himself")
        if act.verb == "acknowledge" and replace(now, last_at=was.last_at) != was:
            found.append("acknowledge: who knows of a risk changes how the case stands")
        if act.verb == "split" and was.before and replace(now, last_at=was.before.last_at) != was.before:
            found.append("split: not as it was before the merger")
        done.append((act.verb, act))
        entries.append(entry)
    if dice.random() < 0.01 and stand(entries) != now:
        found.append("the fold over all entries differs from step by step")
    return done, found


class Nevers:
    """What must never be, by the acts alone."""

    def __init__(self) -> None:
        self.done: list[Act] = []
        self.own: set[str] = set()
        self.brought: dict[str, frozenset[str]] = {}  # by each case merged into it
        self.hands: set[str] = set()
        self.last: dict[str, int] = {}  # verb → its last place
        self.risks = Restated()
        self.rule, self.is_major, self.assignee, self.merged = "", False, "", set[str]()

    def seen(self, act: Act) -> list[str]:
        found = [said for said, is_broken in self._broken(act) if is_broken]
        self._remember(act)
        return found

    @property
    def accused(self) -> set[str]:
        return self.own.union(*self.brought.values())

    def _since(self, verb: str, *resets: str) -> Act | None:
        """The last act of this verb, if none of the resets came after it."""
        place = self.last.get(verb, -1)
        return self.done[place] if place >= 0 and all(self.last.get(each, -1) < place for each in resets) else None

    def _decision(self) -> Act | None:
        resets = ("reopen", "new_facts", "return", "disown")
        made = [each for verb in ("decide", "approve") if (each := self._since(verb, *resets))]
        return made[-1] if made else None

    def _broken(self, act: Act) -> list[tuple[str, bool]]:
        verb, before = act.verb, self.done[-1].at if self.done else 0
        ended = any(self._since(each, "reopen", "split", "dispute", "apply_review")
                    for each in ("close", "refuse", "withdraw", "merge"))  # fmt: skip
        general = [
            ("before its receipt, or received twice", (verb == "register") == bool(self.done)),
            ("time runs backwards", act.at < before),
            ("told before the receipt or after the act",
             act.told_at is not None and bool(self.done) and not self.done[0].at <= act.told_at <= act.at),
            ("somebody acts on what is about himself", act.by in self.accused),
            ("something happens to an archived case", "archive" in self.last and verb != "hold"),
            ("something happens to a held case, and not because its complainant wants it",
             self._since("hold", *ASKED_FOR) is not None and verb not in ASKED_FOR),
            ("a withdrawn case is worked on",
             self._since("withdraw") is not None and verb not in {*KNOWN, "archive", "hold", "release"}),
            ("a merged case is worked on",
             self._since("merge", "split") is not None
             and verb not in {*KNOWN, "archive", "hold", "split"}),
            ("a refused case is worked on", self._since("refuse", "reopen") is not None
             and verb not in {*KNOWN, "archive", "hold", "release", "reopen"}),
            ("archived before it has ended", verb == "archive" and not ended),
        ]  # fmt: skip
        own = getattr(self, f"_{verb}", None)
        return general + (own(act) if own else [])

    def _refuse(self, act: Act) -> list[tuple[str, bool]]:
        return [
            ("refused without reason, notice or words",
             act.reason not in {"not_entitled"} or act.told_at is None or not act.has_words),
            ("refused after it was accepted", "accept" in self.last and self._since("accept") is not None),
        ]  # fmt: skip

    def _assign(self, act: Act) -> list[tuple[str, bool]]:
        return [("given to nobody or to whom it is about", not act.to or act.to in self.accused)]

    def _classify(self, act: Act) -> list[tuple[str, bool]]:
        return [("classed by what stands in no tree", act.classes != {"cause": "C.pricing"})]

    def _take(self, act: Act) -> list[tuple[str, bool]]:
        is_hers = act.by == self.assignee or self.assignee in act.stands_for
        return [
            ("taken from a colleague", bool(self.assignee) and not is_hers),
            ("a deputy takes what is about her", bool(self.accused.intersection(act.stands_for))),
        ]

    def _detach(self, act: Act) -> list[tuple[str, bool]]:
        of_it = [each.verb for each in self.done if each.file.get("id") == act.file.get("id")]
        is_there = of_it.count("attach") > of_it.count("detach")
        return [("withdrawn though it is not there, or without a reason", not is_there or not act.has_words)]

    def _acknowledge(self, act: Act) -> list[tuple[str, bool]]:
        return self.risks.broken(act)

    def _contact(self, act: Act) -> list[tuple[str, bool]]:
        return [("a contact without an outcome", not act.outcome)]

    def _pause(self, act: Act) -> list[tuple[str, bool]]:
        return [("paused for what no clause names, or untold", act.reason != "appraisal" or act.told_at is None)]

    def _extend(self, act: Act) -> list[tuple[str, bool]]:
        asked = self._since("ask_extension", "decline_extension", "extend", "reopen")
        longest = asked is not None and asked.rule == "specially-complex"
        approved = self._since("approve_extension", "ask_extension")
        return [
            ("extended though nobody asked", asked is None),
            ("extended too late", act.is_lapsed),
            ("extended to the longest without notice", longest and act.told_at is None),
            ("extended to the longest without approval from above",
             longest and (approved is None or not approved.levels & {"superior_unit", "head_office_executive"})),
        ]  # fmt: skip

    def _approve_extension(self, act: Act) -> list[tuple[str, bool]]:
        asked = self._since("ask_extension")
        return [("one approves one's own request", asked is None or asked.by == act.by)]

    def _decide(self, act: Act) -> list[tuple[str, bool]]:
        return [("one decides alone on much money or a major case", act.fen > LIMIT_FEN or self.is_major)]

    def _approve(self, act: Act) -> list[tuple[str, bool]]:
        drafted = self._since("propose", "return")
        return [("four eyes are two", drafted is None or not act.by or drafted.by == act.by)]

    def _reply(self, act: Act) -> list[tuple[str, bool]]:
        return [
            ("replied without a decision", self._decision() is None),
            ("replied without notice, grounds or one of the four ways",
             act.told_at is None or not act.has_words or not act.names_grounds or act.remedies != FOUR),
        ]  # fmt: skip

    def _close(self, act: Act) -> list[tuple[str, bool]]:
        told = self._since("reply", "reopen")
        return [("closed without decision and notice", told is None or told.told_at is None)]

    def _decide_review(self, act: Act) -> list[tuple[str, bool]]:
        return [
            ("one reviews one's own work", act.by in self.hands or not act.by),
            ("reviewed from beside", act.by not in ABOVE),
            ("reviewed though nobody applied", self._since("apply_review", "tell_review") is None),
        ]

    def _merge(self, act: Act) -> list[tuple[str, bool]]:
        return [
            ("two customers merged unseen", not act.is_same_customer and not act.is_confirmed),
            ("merged while it holds others", bool(self.merged)),
        ]

    def _absorb(self, act: Act) -> list[tuple[str, bool]]:
        made = self._decision() if "reply" not in self.last else None
        whose = {self.assignee, made.by if made else ""} - {""}
        return [*self._merge(act)[:1], ("who has it is complained of in the other", bool(whose & act.accused))]

    def _remember(self, act: Act) -> None:
        verb = act.verb
        self.last[verb] = len(self.done)
        self.done.append(act)
        if verb in {"register", "accuse"}:
            self.own |= act.accused
            self._disown()
        if verb in {"register", "grade"}:
            self.is_major = act.seriousness == "major"
        if verb == "acknowledge":
            self.risks.known |= act.risks
        if verb == "assign":
            self.assignee = act.to
            self.hands.add(act.to)
        elif verb in {"hand_over", "reopen"}:
            self.assignee = ""
        elif verb == "absorb":
            self.merged.add(act.case)
            self.brought[act.case] = act.accused
        elif verb == "release":
            self.merged.discard(act.case)
            self.brought.pop(act.case, None)
        if verb in {"take", "decide", "approve", "propose", "reply", "approve_extension"} and act.by:
            self.hands.add(act.by)
        if verb == "take" and self.assignee in {"", act.by}:  # a deputy leaves it hers
            self.assignee = act.by

    def _disown(self) -> None:
        """A decision by whom it turns out to be about counts for nothing; nor does he keep the case."""
        if self.assignee in self.accused:
            self.assignee = ""
        if (made := self._decision()) and made.by in self.accused and "reply" not in self.last:
            self.last["disown"] = len(self.done) - 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--walks", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    pack, dice, steps, found = shipped("cn-2020"), Random(args.seed), Counter[str](), Counter[str]()
    assert pack is not None
    for number in range(args.walks):
        taken, wrong = walk(dice, pack)
        if number and number % 50_000 == 0:
            print(f"{number:,} walks, {steps.total():,} steps, {sum(found.values())} illegal", flush=True)
        steps.update(verb for verb, _ in taken)
        found.update(wrong)
    print(
        f"{args.walks:,} walks, {steps.total():,} steps, {sum(found.values())} illegal, {time.process_time():.0f} CPU s"
    )
    print(f"{'times':>12}  verb")
    print("\n".join(f"{steps[verb]:>12,}  {verb}" for verb in sorted(VERBS, key=lambda each: -steps[each])))
    for said, count in found.most_common(20):
        print(f"{count:>8,}  {said}")
    return min(1, len(found))


if __name__ == "__main__":
    sys.exit(main())
