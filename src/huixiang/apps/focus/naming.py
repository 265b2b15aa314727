"""What is a participant called here? As the record calls her where that is no name (“参与者A”); else by a keyed mark.

A record may have been typed with people's names. The mark knows her again when the same record comes once more, and
tells nobody who she is.
"""

from __future__ import annotations

import re

from huixiang.apps.access.sealing import key_for
from huixiang.domain.feedback import digest

LONGEST, SIGN, HIDDEN = 24, "#", "…"
_ROLE = (
    "参与者|参加者|与会者|受访者|被访者|客户|顾客|用户|嘉宾|发言人|说话人|讲话人|成员|组员|主持人|记录人|男|女|男士|女士|"
    "participant|respondent|interviewee|speaker|customer|guest|user|moderator"
)
_NUMBER = "(?:[A-Za-z]?[ _-]?[0-9]{1,3}|[A-Za-z]|[一二三四五六七八九十甲乙丙丁戊己庚辛壬癸]{1,2})号?"
_NO_NAME = re.compile(rf"(?:{_ROLE})(?:[ _-]?{_NUMBER})?|{_NUMBER}(?:{_ROLE})?", re.IGNORECASE)


def kept_as(session_pk: int, label: str) -> str:
    """What may be kept of what the record calls her."""
    plain = " ".join(label.split())
    if not plain or is_no_name(plain):
        return plain
    return SIGN + digest(str(session_pk), plain, key=key_for("focus names v1"))[: LONGEST - 1]


def shown(kept: str) -> str:
    """What pages tell of it: of a mark nothing."""
    return "" if kept.startswith(SIGN) else kept


def quotable(found: str) -> str:
    """A speaker as a fault may quote her beside the record."""
    return found if not found or is_no_name(found) else HIDDEN


def is_no_name(label: str) -> bool:
    return len(label) <= LONGEST and _NO_NAME.fullmatch(label) is not None
