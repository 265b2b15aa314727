"""How long does a complaint take, those still open counted in?"""

from __future__ import annotations

import pytest

from huixiang.domain.complaints.events import Event
from huixiang.domain.complaints.handling import End, Handled, handled, handling_times
from huixiang.domain.complaints.hours import DAY

DAY_0 = 20_000 * DAY


def case(*events: tuple[int, str]) -> list[Event]:
    return [Event(DAY_0, "received"), *(Event(DAY_0 + day * DAY, kind) for day, kind in events)]


ANSWERED = ((8, "decided"), (9, "notified"))


@pytest.mark.parametrize(
    ("events", "days", "end"),
    [
        ((), 30, End.OPEN),
        (((8, "decided"),), 30, End.OPEN),  # nobody was told
        (ANSWERED, 9, End.ANSWERED),
        ((*ANSWERED, (12, "withdrawn")), 9, End.ANSWERED),
        (((3, "withdrawn"),), 3, End.WITHDRAWN),
        ((*ANSWERED, (12, "reopened")), 30, End.OPEN),
        ((*ANSWERED, (12, "reopened"), (20, "decided"), (20, "notified")), 20, End.ANSWERED),
        ((*ANSWERED, (31, "reopened")), 9, End.ANSWERED),  # not yet, at the moment asked for
    ],
)
def test_from_receipt_to_the_answer_that_still_holds(events: tuple[tuple[int, str], ...], days: int, end: End) -> None:
    assert handled(case(*events), DAY_0 + 30 * DAY) == Handled(days, end)


def test_open_cases_are_not_forgotten() -> None:
    told = handling_times(
        [Handled(2, End.ANSWERED), Handled(3, End.WITHDRAWN), Handled(5, End.ANSWERED), Handled(9, End.OPEN)]
    )
    assert told.waiting.quantile(0.5).value == 5
    assert told.answered.share.tolist() == pytest.approx([0.25, 0.25, 0.5])
    assert told.withdrawn.share.tolist() == pytest.approx([0.0, 0.25, 0.25])
    assert handling_times([]).waiting.quantile(0.5).value is None
