"""Who asks patiently, within the budget, and stops when it is of no use? One for each service and run."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import date
from typing import Any

from huixiang.plugins.endpoint import Endpoint, Refused, Unreachable
from huixiang.plugins.ledger import Ledger
from huixiang.plugins.purse import Purse
from huixiang.plugins.service import Service

ATTEMPTS, FIRST_WAIT = 3, 0.5  # at a server that is busy or away; seconds, doubled each time
FAILURES = 5  # requests in a row without an answer, after which this run asks no more


class Caller:
    """Threads may share it. `purse` tells what this run has cost, `trouble` what the endpoint said last."""

    def __init__(
        self, service: Service, ledger: Ledger, today: Callable[[], date], sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self.purse = Purse(service, ledger, today)
        self.trouble = ""
        self._endpoint, self._sleep = Endpoint(service), sleep
        self._lock, self._failures, self._over = threading.Lock(), 0, False

    def close(self) -> None:
        self._endpoint.close()

    def post(self, path: str, body: dict[str, Any], tokens: int) -> dict[str, Any]:
        """The answer, a JSON object. `tokens` is the most it may take.

        Raises purse.Empty, Unreachable, and Refused, the latter two at once where it proved of no use before.
        """
        try:
            answer = self._tried(path, body, tokens)
        except (Refused, Unreachable) as error:
            self._failed(error)
            raise
        self._failures = 0
        return answer

    def _tried(self, path: str, body: dict[str, Any], tokens: int) -> dict[str, Any]:
        for attempt in range(1, ATTEMPTS + 1):
            if self._over:
                raise Unreachable(self.trouble)
            day = self.purse.take(tokens)
            try:
                answer = self._endpoint.post(path, body)
            except Unreachable as error:
                if attempt == ATTEMPTS:
                    raise
                self._sleep(FIRST_WAIT * 2 ** (attempt - 1) if error.wait_seconds is None else error.wait_seconds)
                continue
            if not isinstance(answer, dict):
                raise Refused("no_object")
            usage = answer.get("usage")
            self.purse.settle(day, tokens, usage.get("total_tokens") if isinstance(usage, dict) else None)
            return answer
        raise AssertionError

    def _failed(self, error: Refused | Unreachable) -> None:
        with self._lock:
            self.trouble = str(error)
            self._failures += 1
            self._over = self._over or self._failures >= FAILURES or (isinstance(error, Refused) and error.for_good)
