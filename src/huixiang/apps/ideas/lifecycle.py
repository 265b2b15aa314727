"""Which way may an idea go? Each step is answered in words: thanks alone is no outcome."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huixiang.apps.ideas.models import Idea

State = Idea.State


@dataclass(frozen=True, slots=True)
class Turn:
    """A verb: from which states it leads to which, and what is to be said."""

    title: str | Promise
    of: frozenset[str]
    to: str
    asks: str | Promise


TURNS = {
    "consider": Turn(
        _("开始研究"), frozenset({State.FILED, State.DECLINED}), State.CONSIDERED, _("由谁研究、何时答复？")
    ),
    "adopt": Turn(_("采纳"), frozenset({State.FILED, State.CONSIDERED}), State.ADOPTED, _("打算怎么做、何时做到？")),
    "finish": Turn(_("已落实"), frozenset({State.ADOPTED}), State.DONE, _("做了什么？同事到哪里能看到？")),
    "decline": Turn(
        _("不采纳"), frozenset({State.FILED, State.CONSIDERED}), State.DECLINED, _("为什么？有没有别的办法？")
    ),
}


def open_turns(state: str) -> dict[str, Turn]:
    """What may be done now?"""
    return {verb: turn for verb, turn in TURNS.items() if state in turn.of}
