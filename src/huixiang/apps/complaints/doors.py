"""Through which door did a voice of this channel come? Those not named came another way."""

from __future__ import annotations

from huixiang.apps.complaints.models import Case
from huixiang.domain.feedback import Channel

WAYS = {Channel.HOTLINE: Case.Way.PHONE, Channel.WEBSITE: Case.Way.WEB, Channel.APP_REVIEW: Case.Way.APP,
        Channel.SOCIAL: Case.Way.SOCIAL}  # fmt: skip
