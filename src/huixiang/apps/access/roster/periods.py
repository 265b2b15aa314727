"""From when to when is a post held? Several periods of one post may follow one another; two never share a day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from huixiang.apps.access.models import Post
from huixiang.apps.access.roster.plan import Change
from huixiang.channels.contract import Fault

Triple = tuple[str, str, str]  # staff number, role, unit code


class Periods:
    """What is held, and what the file adds to it, by the first day."""

    def __init__(self, posts: Iterable[Post], today: date) -> None:
        self.today = today
        self._ends: dict[Triple, dict[date, date | None]] = defaultdict(dict)
        self._rows: dict[tuple[Triple, date], int] = {}
        self._posts: dict[Triple, list[Post]] = defaultdict(list)
        for post in posts:
            triple = (post.staff.number, post.role, post.unit.code)
            self._posts[triple].append(post)
            self._ends[triple][post.from_on] = post.to_on

    def held(self, triple: Triple, from_on: date | None) -> Post | None:
        """The post that begins on this day; without a day the one held today."""
        for post in self._posts.get(triple, ()):
            is_open = post.from_on <= self.today and (post.to_on is None or post.to_on >= self.today)
            if post.from_on == from_on if from_on else is_open:
                return post
        return None

    def take(self, change: Change, column: str) -> None:
        """Add a post of the file. Raises Fault where it shares a day with another of its kind."""
        values = change.values
        triple = (values["number"], values["role"], values["unit"])
        from_on, ends = values["from_on"], values["to_on"] or date.max
        if row := self._rows.get((triple, from_on)):
            raise Fault("与第 %(row)s 行是同一人的同一岗位。", column=column, row=row)
        for start, end in self._ends[triple].items():
            if start != from_on and start <= ends and from_on <= (end or date.max):
                message = "与已有的同一岗位（自 %(day)s）时间重叠。请改用原起始日期，或先结束原岗位。"
                if row := self._rows.get((triple, start)):
                    message = "与第 %(row)s 行的同一岗位（自 %(day)s）时间重叠。"
                raise Fault(message, column=column, day=start, row=row)
        self._ends[triple][from_on] = values["to_on"]
        self._rows[triple, from_on] = change.row
