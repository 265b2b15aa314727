"""The real worker in a process of its own, with two kinds of work to watch: `python -m tests.loop.worker`."""

from __future__ import annotations

import os
import time
from pathlib import Path

import django


def register() -> None:
    from huixiang.apps.access import jobs

    @jobs.work("count")
    def count(progress: jobs.Progress, *, path: str, until: int, pause: float = 0.02) -> str:
        """Write the numbers not yet written, one a turn: may be run twice without harm."""
        with Path(path).open("a+") as file:
            file.seek(0)
            for number in range(len(file.readlines()), until):
                progress.report(number, until)
                file.write(f"{number} {os.getpid()}\n")
                file.flush()
                time.sleep(pause)
        progress.report(until, until)
        return f"数到 {until}"

    @jobs.work("fail")
    def fail(progress: jobs.Progress, *, words: str = "") -> str:
        raise RuntimeError(words)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    django.setup()
    register()
    from django.core.management import call_command

    call_command("db_worker", interval=0.05, startup_delay=False, verbosity=1)
