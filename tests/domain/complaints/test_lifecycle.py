"""Can a complaint go a way that law or house forbids? Random walks, a machine of hypothesis, and each guard."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from huixiang.domain.calendar import mainland
from huixiang.domain.complaints import guards as g
from huixiang.domain.complaints import lifecycle
from huixiang.domain.complaints.acting import Act, entry_of
from huixiang.domain.complaints.clocks import Clocks, State
from huixiang.domain.complaints.history import clock_events, review_events
from huixiang.domain.complaints.lifecycle import VERBS, after, open_verbs, refusal, stand
from huixiang.domain.complaints.rulebook import shipped
from huixiang.domain.complaints.standing import Entry, Standing
from huixiang.domain.complaints.states import NAMES
from huixiang.domain.complaints.states import State as At
from tests.domain.complaints.risky import HOUR, Risks
from tests.domain.complaints.walker import Nevers, drawn, walk

PACK = shipped("cn-2020")
assert PACK is not None
DAY = 86_400
T0 = 1_780_000_000
RECEIVED = Entry(T0, "register", told={"rule": "simple", "unit": "N1", "accused": [], "seriousness": "ordinary"})


def history(*verbs: tuple[str, dict[str, object]], by: str = "ann") -> list[Entry]:
    """A case's entries, an hour apart."""
    return [RECEIVED, *(Entry(T0 + n * 3600, verb, by, told) for n, (verb, told) in enumerate(verbs, 1))]


WORKED = (("accept", {"told_at": T0}), ("take", {}))
REPLIED = (*WORKED, ("decide", {"fen": 0}), ("reply", {"told_at": T0}))


def why(now: Standing, verb: str, **particulars: object) -> str:
    """Under which code is it refused? "" where it may be done."""
    act = replace(Act(verb, T0 + 90 * 3600, by="ann", told_at=T0 + 3600, has_words=True), **particulars)  # type: ignore[arg-type]
    found = refusal(now, act, PACK)
    return found.code if found else ""


def test_random_walks_never_go_where_law_and_house_forbid() -> None:
    dice, taken = Random(7), set[str]()
    for _ in range(1_200):
        steps, wrong = walk(dice, PACK)
        assert wrong == []
        taken.update(verb for verb, _ in steps)
    assert set(VERBS) - taken == set(), "of a verb that no walk takes, the walks say nothing"


GUARDED = {
    g.told: ("pause",),
    g.told_where_the_reason_asks: ("refuse",),
    g.a_reason_to_refuse: ("refuse",),
    g.receiver_is_free: ("assign",),
    g.mine_or_free: ("take",),
    g.a_pause_of_the_law: ("pause",),
    g.extension_is_whole: ("extend",),
    g.approver_of_the_law: ("approve_extension",),
    g.in_time: ("extend",),
    g.within_own_power: ("decide",),
    g.other_eyes: ("approve",),
    g.a_whole_reply: ("reply",),
    g.new_eyes_from_above: ("decide_review",),
    g.told_by_or_to_all: ("merge", "absorb"),
    g.holds_none: ("merge",),
    g.its_people_are_free: ("absorb",),
    g.known_by_the_level: ("acknowledge",),
}


@pytest.mark.parametrize("guard", GUARDED, ids=lambda each: each.__name__)
def test_the_walks_would_see_each_guard_that_fails(guard: g.Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that never rings proves nothing: without the guard, its never is met."""
    for code in GUARDED[guard]:
        verb = VERBS[code]
        left = tuple(each for each in verb.guards if each is not guard)
        assert left != verb.guards
        monkeypatch.setitem(lifecycle.VERBS, code, replace(verb, guards=left))
    dice = Random(3)
    assert any(_broken(dice) for _ in range(6_000)), "nobody noticed"


def _broken(dice: Random) -> list[str]:
    try:
        return walk(dice, PACK)[1]
    except (AssertionError, KeyError):  # the fold itself stumbled over what must not be
        return ["stumbled"]


class Life(RuleBasedStateMachine):
    """Hypothesis looks for the shortest way to what must never be."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.at, self.nevers, self.risks = Standing(), T0, Nevers(), Risks()
        self.found, self.entries = list[str](), list[Entry]()

    @rule(seed=st.integers(0, 2**20))
    def step(self, seed: int) -> None:
        dice = Random(seed)
        self.at += 1 if dice.random() < 0.8 else 30 * HOUR
        self.nevers.risks.find(self.risks.find(dice, self.at))
        act = drawn(dice, self.now, self.at, self.risks)
        if not self.entries:
            act = replace(act, verb="register", rule="simple", unit="N1")
        if refusal(self.now, act, PACK) is None:
            self.entries.append(entry_of(self.now, act, VERBS[act.verb].asks, PACK))
            self.now = after(self.now, self.entries[-1])
            self.risks.learn(self.entries[-1])
            self.found += self.nevers.seen(act)

    @invariant()
    def nothing_is_illegal(self) -> None:
        assert self.found == []

    @precondition(lambda self: self.entries)
    @invariant()
    def the_clocks_can_read_it(self) -> None:
        assert stand(self.entries) == self.now
        assert clock_events(self.entries)[0].kind == "received"


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)


def test_every_state_has_a_way_in_and_each_but_the_last_a_way_out() -> None:
    seen, todo = {At.NEW}, [At.NEW]
    while todo:
        for _, verb in open_verbs(Standing(state=todo.pop())):
            todo += [to for state in verb.of & seen if (to := verb.leads(state)) not in seen]
            seen |= set(todo)
    assert seen == set(At) == set(NAMES)
    stuck = {state for state in At if all(verb.leads(state) is state for _, verb in open_verbs(Standing(state=state)))}
    assert stuck == {At.ARCHIVED}


def test_an_extension_needs_the_level_that_the_clause_names_and_the_notice_in_time() -> None:
    now = stand(history(*WORKED, ("ask_extension", {"rule": "specially-complex"})))
    superior = {"by": "cui", "levels": frozenset({"superior_unit"})}
    assert why(now, "extend") == "extension_without_approval"
    assert why(now, "approve_extension") == "own_request"
    assert why(now, "approve_extension", by="bo") == "not_the_level"
    assert why(now, "approve_extension", **superior) == ""
    approved = after(now, Entry(T0 + 9 * 3600, "approve_extension", "cui", {"level": "superior_unit"}))
    assert why(approved, "extend", told_at=None) == "extension_without_notice"
    assert why(approved, "extend", is_lapsed=True) == "extension_too_late"
    assert why(approved, "extend") == ""


def test_a_reply_names_grounds_and_four_ways_and_nothing_closes_untold() -> None:
    now = stand(history(*WORKED, ("decide", {"fen": 0})))
    whole = {"names_grounds": True, "remedies": frozenset({"review", "mediation", "arbitration", "litigation"})}
    assert why(now, "close") == "wrong_state", "a decision that nobody was told of still runs"
    assert why(now, "reply", names_grounds=True) == "no_remedies"
    assert why(now, "reply", **whole, told_at=None) == "not_told"
    assert why(now, "reply", **whole) == ""
    assert why(stand(history(*REPLIED)), "close") == ""


def test_who_is_complained_of_loses_the_case_and_his_decision_with_it() -> None:
    now = stand(history(*WORKED, ("decide", {"fen": 0}), ("accuse", {"accused": ["ann"]}), by="ann"))
    assert (now.state, now.handler, now.is_decided) == (At.ACCEPTED, "", False)
    assert why(now, "take") == "about_yourself"
    assert why(now, "assign", by="bo", to="ann") == "receiver_must_keep_out"


def test_who_worked_on_it_does_not_review_it() -> None:
    now = stand(history(*REPLIED, ("apply_review", {})))
    assert why(now, "decide_review", is_above=True) == "own_work"
    assert why(now, "decide_review", by="bo") == "not_above"
    assert why(now, "decide_review", by="cui", is_above=True) == ""


def test_merged_and_split_again_it_stands_and_runs_as_if_nothing_had_been() -> None:
    other = history(*WORKED)
    alone = history(*WORKED)
    merged = [*alone, Entry(T0 + 5 * 3600, "absorb", "ann", {"case": "c2"})]
    split = [*merged, Entry(T0 + 6 * 3600, "release", "ann", {"case": "c2"})]
    gone = [
        *other,
        Entry(T0 + 5 * 3600, "merge", "ann", {"case": "c1"}),
        Entry(T0 + 6 * 3600, "split", "ann", {"case": "c1"}),
    ]
    assert replace(stand(split), last_at=0) == replace(stand(alone), last_at=0)
    assert replace(stand(gone), last_at=0) == replace(stand(other), last_at=0)
    clocks, at = Clocks(PACK, mainland()), T0 + 9 * DAY
    assert repr(clocks.read("simple", clock_events(split, {"c2": other}), at)) == repr(
        clocks.read("simple", clock_events(alone), at)
    )


def test_clocks_read_the_history_and_a_review_has_one_of_its_own() -> None:
    entries = history(*REPLIED, ("apply_review", {}), ("decide_review", {}))
    clocks, at = Clocks(PACK, mainland()), T0 + 40 * DAY
    states = {each.limit.code: each.state for each in clocks.read("simple", clock_events(entries), at)}
    assert states["reply"] is State.MET
    (review,) = clocks.read("review", review_events(entries), at)
    assert review.state is State.OVERDUE, "decided, and nobody told"
