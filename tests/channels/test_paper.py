"""How do pieces of writing become the words of one slip?"""

from __future__ import annotations

import doctest
from datetime import date

from huixiang.channels.paper import lines
from huixiang.channels.paper.lines import Piece
from huixiang.channels.paper.reading import Line

TODAY = date(2026, 11, 28)


def line(text: str, top: float, right: float = 0.9, high: float = 0.08) -> Line:
    return Line(text, 1.0, (0.05, top, right, top + high))


def test_its_examples_hold() -> None:
    assert doctest.testmod(lines).failed == 0


def test_pieces_of_one_row_are_one_line_and_no_mark_is_read_twice() -> None:
    pieces = [
        Piece("，省得白排", 0.99, 300, 12, 600, 52),
        Piece("材料，", 0.91, 20, 10, 310, 50),
        Piece("谢谢", 1, 20, 70, 90, 110),
    ]
    first, second = lines.in_rows(pieces)
    assert (first.text, first.sure, second.text) == ("材料，省得白排", 0.91, "谢谢")


def test_a_break_stays_where_a_short_line_ends_with_a_full_stop() -> None:
    read = [line("排队太久，能不能", 0.1), line("多开窗口？", 0.2, right=0.4), line("app is", 0.3), line("slow", 0.4)]
    assert lines.joined(read) == "排队太久，能不能多开窗口？\napp is slow"


def test_a_day_is_one_that_can_be_and_two_slips_lie_apart() -> None:
    assert lines.day_in(["等了3.5小时", "2026年2月30日"], TODAY) is None
    assert lines.day_in(["2019-01-01"], TODAY) is None, "misread, or not the slip's"
    assert lines.day_in(["日期：１１月２０日"], TODAY) == date(2026, 11, 20)
    assert lines.gaps([line("甲", 0.1), line("乙", 0.2), line("丙", 0.8)]) == [0.54]
