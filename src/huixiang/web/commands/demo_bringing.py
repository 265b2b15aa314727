"""How do the made-up bank's exports come in? As any file; calls, tickets and clicks, which are many, beside."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huixiang.apps.feedback.actions import Choice


@dataclass(frozen=True, slots=True)
class Beside:
    """A process at work. Where this one is stopped, it is stopped too."""

    process: BaseProcess

    def wait(self) -> None:
        """Until it has done its part. Raises RuntimeError where it could not: what it told stands above."""
        self.process.join()
        if self.process.exitcode:
            raise RuntimeError("通话与叫号没有全部导入，请再运行一次 / not all calls and tickets came in: run again")


def records_beside(exports: Path) -> Beside:
    process = multiprocessing.get_context("spawn").Process(target=_in_own_process, args=(exports,), daemon=True)
    process.start()
    return Beside(process)


def _in_own_process(exports: Path) -> None:
    import django

    django.setup()
    bring_records(exports)


def bring_records(exports: Path) -> None:
    """The hotline's, the branch queue's and the screens'."""
    from huixiang.web.demo.exports import calls, screens, tickets

    records = calls(exports) | tickets(exports) | screens(exports)
    bring_all({exports / name: choice for name, choice in records.items()})


def bring_all(given: Mapping[Path, Choice]) -> None:
    """Each to its end, and once: one that was broken off goes on. Counted for the pages after the last."""
    from huixiang.apps.feedback import facts, landed
    from huixiang.apps.feedback.models import Import

    with landed.counted_once(facts.lake()):
        for path, choice in given.items():
            if not Import.objects.filter(file_name=path.name).exclude(finished_at=None).exists():
                _bring(path, choice)


def _bring(path: Path, choice: Choice) -> None:
    from huixiang.apps.access.sentences import told
    from huixiang.apps.feedback import importing
    from huixiang.apps.feedback.actions import open_file
    from huixiang.web.commands.import_ import Bar

    imported, _ = open_file(path, choice, actor="cli:demo")
    with Bar(path.name) as bar:
        outcome = told(*importing.run(bar, str(imported.pk)))
    print(f"{path.name}：{outcome}", flush=True)
