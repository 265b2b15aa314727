"""What keeps pages, worker and nightly round running? One process that starts, restarts and stops them all.

A bank may instead run `gunicorn huixiang.web.wsgi`, `huixiang manage db_worker` and `huixiang nightly` by itself.
"""

from __future__ import annotations

import ctypes
import logging
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import FrameType

from huixiang.web.environment import NIGHT

log = logging.getLogger(__name__)
REAP_SECONDS, PATIENCE_SECONDS, LONGEST_PAUSE = 15.0, 8.0, 30.0
_PR_SET_PDEATHSIG = 1
LOGGER = ["--logger-class", "huixiang.web.gunicorn_log.Logger"]
NIGHTLY = "from huixiang.web.cli import main; raise SystemExit(main(['nightly']))"


def commands(host: str, port: int, workers: int) -> dict[str, list[str]]:
    """The processes that must always be there."""
    gunicorn = [sys.executable, "-m", "gunicorn", "huixiang.web.wsgi:application", "--bind", f"{host}:{port}"]
    shape = ["--workers", str(workers), "--threads", "4", "--timeout", "120", "--graceful-timeout", "5"]
    return {
        "web": [*gunicorn, *shape, "--no-control-socket", "--log-level", "warning", *LOGGER],
        "worker": [sys.executable, "-m", "django", "db_worker", "--interval", "1", "--no-startup-delay"],
    }


def next_night(now: datetime) -> datetime:
    """When is the nightly round due next? At 02:30 of the clock that `now` reads."""
    tonight = datetime.combine(now.date(), NIGHT, now.tzinfo)
    return tonight if tonight > now else tonight + timedelta(days=1)


def due_after(last: datetime | None, now: datetime) -> datetime:
    """When is it due, if the last one ended (or the loop began) then? At once, where a night has passed since."""
    coming = next_night(now)
    return now if last and last < coming - timedelta(days=1) else coming


@dataclass
class Child:
    """A process that is started again when it dies, more slowly the more often it does."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    pause: float = 0.0
    start_at: float = 0.0
    started_at: float = 0.0

    def keep_alive(self, now: float) -> None:
        if self.process and self.process.poll() is not None:
            log.error("%s ended with code %s; starting it again", self.name, self.process.returncode)
            lived_well = now - self.started_at > 60
            self.pause = 0.0 if lived_well else min(LONGEST_PAUSE, self.pause * 2 or 0.5)
            self.process, self.start_at = None, now + self.pause
        if self.process is None and now >= self.start_at:
            self.process, self.started_at = start(self.command), now

    def signal(self, number: signal.Signals) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(number)


def start(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """In a session of its own, so that Ctrl+C reaches only us; and gone when we are gone, even by SIGKILL."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_die_with_parent)  # noqa: PLW1509  # no threads


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Supervisor:
    """`run` returns when a signal has asked to stop and all children are gone."""

    children: list[Child]
    reap: Callable[[], object]
    local_now: Callable[[], datetime]
    last_night: Callable[[], datetime | None] = lambda: None  # None: nothing has begun yet
    stopping: bool = False
    night: subprocess.Popen[bytes] | None = None
    _due: datetime | None = field(default=None, repr=False)

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        self._due, reaped_at = due_after(self._guarded_last_night(), self.local_now()), 0.0
        try:
            while not self.stopping:
                now = time.monotonic()
                for child in self.children:
                    child.keep_alive(now)
                if now - reaped_at > REAP_SECONDS:
                    reaped_at = now
                    self._guarded_reap()
                self._watch_the_night()
                time.sleep(0.2)
        finally:
            self._end()

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping = True

    def _guarded_reap(self) -> None:
        try:
            self.reap()
        except Exception as error:  # the database may be away for a while; the pages say so themselves
            log.error("jobs cannot be looked after: %s", type(error).__name__)

    def _guarded_last_night(self) -> datetime | None:
        try:
            return self.last_night()
        except Exception as error:
            log.error("the last nightly round cannot be looked up: %s", type(error).__name__)
            return None

    def _watch_the_night(self) -> None:
        now = self.local_now()
        if self._due and now >= self._due and (self.night is None or self.night.poll() is not None):
            self._due = next_night(now)
            self.night = start([sys.executable, "-c", NIGHTLY])

    def _end(self) -> None:
        """Ask; ask the worker again, so that it hands its job back; then insist."""
        processes = [child.process for child in self.children] + [self.night]
        left = [process for process in processes if process and process.poll() is None]
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            for process in left:
                process.send_signal(number)
            end = time.monotonic() + PATIENCE_SECONDS
            while left and time.monotonic() < end:
                left = [process for process in left if process.poll() is None]
                time.sleep(0.05)
