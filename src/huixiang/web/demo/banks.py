"""By which names is the made-up bank told from others in social media? Written before the first post comes in."""

from __future__ import annotations

import json
from pathlib import Path

from huixiang.apps.reputation import actions, names
from huixiang.apps.reputation.models import NameBook
from huixiang.web.demo.working import work_off


def name_them(exports: Path) -> None:
    """The own bank's section before those of the others; once."""
    if NameBook.objects.exists():
        return
    bank = json.loads((exports / "truth.json").read_text("utf-8"))["bank"]
    called = f'names = ["{bank}", "{bank.removesuffix("银行")}行"]'
    own = f'[[bank]]\ncode = "own"\ntitle = "{bank}"\nown = true\n{called}\n\n'
    book = actions.write_names(own + names.GIVEN.read_text("utf-8"), "演示银行的名称", by=None, source="cli:demo")
    work_off(book.job)
