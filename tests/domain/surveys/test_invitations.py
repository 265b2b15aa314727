"""How long is what customers read, and when do they read it?"""

from __future__ import annotations

from datetime import time

from huixiang.domain.surveys.invitations import filled, may_arrive, missing_places, parts, unknown_places


def test_a_short_message_is_counted_as_telephones_count_it() -> None:
    assert [parts("好" * count) for count in (1, 70, 71, 134, 135)] == [1, 1, 2, 2, 3]
    assert parts("好" * 69 + "😀") == 2, "an emoji is two characters"


def test_a_slip_of_the_pen_is_found_before_customers_read_it() -> None:
    assert (unknown_places("{bank} {lnik}"), missing_places("{link}")) == (["lnik"], ["stop"])
    assert filled("{bank}{lnik}", {"bank": "海川银行"}) == "海川银行{lnik}"


def test_nobody_is_woken() -> None:
    assert [may_arrive(time(*at)) for at in ((7, 59), (8, 0), (20, 59), (21, 0))] == [False, True, True, False]
