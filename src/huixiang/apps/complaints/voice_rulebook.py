"""Which rules does a text hold by which voices become complaints? Read once; checked where somebody writes it."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import timezone

from huixiang.apps.feedback import rulebooks
from huixiang.channels.contract import Fault
from huixiang.domain.complaints.events import BadCase
from huixiang.domain.complaints.voice_rules import VoiceRule, read_voice_rules


@cache
def rules_of(text: str) -> tuple[VoiceRule, ...]:
    return read_voice_rules(text)


def checked(text: str) -> tuple[VoiceRule, ...]:
    """The rules of a text that somebody writes, by today's book of risks. Raises Fault with the place."""
    risks = {node.code for node in rulebooks.book("risks", timezone.localdate()).nodes}
    try:
        return read_voice_rules(text, risks)
    except BadCase as bad:
        raise Fault(bad.message, **dict[str, Any](bad.params)) from None
