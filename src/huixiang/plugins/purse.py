"""May one more request be made? Counted for the day over all processes, and for this run."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

from huixiang.plugins.ledger import Ledger, Spent
from huixiang.plugins.service import Service


class Empty(Exception):
    """The budget of the day or of the run does not hold another request."""


class Purse:
    """The budget of one service, as far as this run may use it. Threads share it."""

    def __init__(self, service: Service, ledger: Ledger, today: Callable[[], date]) -> None:
        self._service, self._ledger, self._today = service, ledger, today
        self._lock = threading.Lock()
        self.run = Spent()

    def take(self, tokens: int) -> date:
        """Count a request of so many tokens; the day on which it counts. Raises Empty, and counts nothing."""
        budget, day = self._service.budget, self._today()
        with self._lock:
            after = Spent(self.run.requests + 1, self.run.tokens + tokens)
            if after.requests > budget.requests_a_run or after.tokens > budget.tokens_a_run:
                raise Empty
            if not self._ledger.reserve(
                self._service.name, day, tokens, Spent(budget.requests_a_day, budget.tokens_a_day)
            ):
                raise Empty
            self.run = after
        return day

    def settle(self, day: date, reserved: int, used: object) -> None:
        """What the server says it used, where it says so; else what was reserved stands."""
        if isinstance(used, bool) or not isinstance(used, int) or used < 0:
            return
        with self._lock:
            self.run = Spent(self.run.requests, max(0, self.run.tokens + used - reserved))
            self._ledger.settle(self._service.name, day, used - reserved)

    def left(self) -> Spent:
        """Of the day."""
        budget, spent = self._service.budget, self._ledger.spent(self._service.name, self._today())
        return Spent(max(0, budget.requests_a_day - spent.requests), max(0, budget.tokens_a_day - spent.tokens))
