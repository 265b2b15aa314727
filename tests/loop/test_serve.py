"""`huixiang serve` keeps its processes alive, and leaves none behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from urllib.request import urlopen

import pytest

from huixiang.web.supervisor import due_after, next_night
from tests.waiting import PATIENCE_SECONDS, until


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def below(pid: int) -> set[int]:
    """All processes below this one."""
    path = Path(f"/proc/{pid}/task/{pid}/children")
    children = {int(child) for child in path.read_text().split()} if path.exists() else set()
    return children.union(*(below(child) for child in children))


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthy/", timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


def gone(pids: set[int]) -> bool:
    return not any(Path(f"/proc/{pid}").exists() and "zombie" not in status(pid) for pid in pids)


def status(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return "zombie"


@pytest.fixture
def served(elsewhere: dict[str, str]) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    port = free_port()
    command = [sys.executable, "-c", "from huixiang.web.cli import main; main()", "serve", "--port", str(port)]
    process = subprocess.Popen([*command, "--workers", "1"], env=elsewhere)
    try:
        yield process, port
    finally:  # also when it never answered: its worker would take the jobs of the next test
        process.kill()
        process.wait()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
@pytest.mark.one_database
def test_a_dead_child_is_replaced_and_a_stop_leaves_nobody_behind(served: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = served
    until(lambda: answers(port) and len(below(process.pid)) >= 3)  # gunicorn, its worker, the jobs' worker
    before = below(process.pid)
    web = min(before)
    os.kill(web, signal.SIGKILL)
    until(lambda: web not in below(process.pid) and len(below(process.pid)) >= 3 and answers(port))
    family = below(process.pid)
    process.terminate()
    assert process.wait(timeout=PATIENCE_SECONDS) == 0
    assert gone(family | before)


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
@pytest.mark.one_database
def test_even_a_killed_supervisor_leaves_nobody_behind(served: tuple[subprocess.Popen[bytes], int]) -> None:
    process, _port = served  # dying while its children still start, it has the least hold of them
    until(lambda: len(below(process.pid)) >= 3)
    family = below(process.pid)
    process.kill()
    until(lambda: gone(family))


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-24T02:29", "2026-11-24T02:30"),
        ("2026-11-24T02:30", "2026-11-25T02:30"),
        ("2026-12-31T09:00", "2027-01-01T02:30"),
    ],
)
def test_the_night_comes_once_a_day(now: str, due: str) -> None:
    assert next_night(datetime.fromisoformat(now)) == datetime.fromisoformat(due)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2026-11-24T02:31", "2026-11-25T02:30"),
        ("2026-11-23T02:31", "2026-11-24T09:00"),  # it was down in the night: at once
        (None, "2026-11-25T02:30"),
    ],
)
def test_a_night_that_was_missed_is_made_up_for_at_the_start(last: str | None, due: str) -> None:
    now = datetime.fromisoformat("2026-11-24T09:00")
    assert due_after(datetime.fromisoformat(last) if last else None, now) == datetime.fromisoformat(due)
