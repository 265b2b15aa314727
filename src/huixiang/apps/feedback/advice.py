"""What should a person think of before this file comes in? Said next to the preview; nothing is kept from her."""

from __future__ import annotations

from django.utils.translation import gettext as _

from huixiang.apps.feedback.actions import Choice
from huixiang.channels import registry
from huixiang.channels.contract import Fault
from huixiang.channels.mapped import runs
from huixiang.channels.mapping import Mapping
from huixiang.channels.registry import Guess
from huixiang.domain.feedback import Channel


def advice(guess: Guess, choice: Choice) -> list[str]:
    """Sentences, most important first."""
    try:
        mapping: Mapping | None = getattr(registry.find(choice.format, choice.mapping), "mapping", None)
    except Fault:
        return []  # the preview tells it
    if mapping is None or not runs(guess.sample, mapping):
        return []
    boxes = Channel.SUGGESTION_BOX in {choice.channel, mapping.channel}
    if boxes and (choice.branch or "branch" in mapping.sources or "branch" in mapping.constants):
        return []  # each outlet's box counts for itself
    return [
        _(
            "编号是从小到大的流水号，别的来源也可能有同样的编号：同一渠道里编号相同的会当作同一条声音的新版本。"
            "请填写“来源”，让编号只在这个来源之内算数。"
        )
    ]
