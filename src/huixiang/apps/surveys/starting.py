"""With what may a survey begin? A template that is known to be asked well, an empty page, or a file."""

from __future__ import annotations

import json
from pathlib import Path

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from huixiang.domain.surveys.plain import from_plain
from huixiang.domain.surveys.questionnaire import Questionnaire, Section

EMPTY = "empty"
_FOLDER = Path(__file__).with_name("questionnaires")
# Name, title, what it is for.
STARTS: list[tuple[str, str | Promise, str | Promise]] = [
    ("visit", _("模板：到店之后"), _("刚办完业务，一分钟：是否办成、满意、等候、推荐意愿。")),
    ("complaint", _("模板：投诉处理之后"), _("投诉答复后：是否解决、是否省力、是否公正。")),
    ("servqual", _("模板：服务质量五个方面"), _("有形、可靠、响应、保证、关怀：一年一两次的全面测量。")),
    (EMPTY, _("空白"), _("自己从头写。")),
]


def started(name: str) -> Questionnaire:
    """The questionnaire a new survey begins with."""
    if name in {start for start, _title, _about in STARTS} - {EMPTY}:
        return from_plain(json.loads((_FOLDER / f"{name}.json").read_text("utf-8")))
    return Questionnaire({}, (Section("s1", {}, ()),))
