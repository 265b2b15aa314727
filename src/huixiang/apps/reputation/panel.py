"""What stands on a voice's page of where in public it was said? How far it went, and when the bank replied."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from huixiang.apps.feedback import facts
from huixiang.apps.feedback.panels import panel
from huixiang.domain.feedback import Channel
from huixiang.domain.understanding.masking import MARKS
from huixiang.lake import questions
from huixiang.lake.questions import Voice

CHANNELS = {Channel.APP_REVIEW, Channel.SOCIAL}


@panel
def reach(request: HttpRequest, voice: Voice) -> str:
    """Who wrote it is not told. An address that had to be masked leads nowhere: it is no link."""
    if voice.channel not in CHANNELS:
        return ""
    post = questions.post_of(facts.lake(), voice.id) if voice.channel == Channel.SOCIAL else None
    if not (voice.platform or voice.replied_at or voice.about or post):
        return ""
    link = post.url if post and not any(mark in post.url for mark in MARKS.values()) else ""
    return render_to_string("reputation/panel.html", {"voice": voice, "post": post, "link": link}, request)
