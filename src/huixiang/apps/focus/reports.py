"""What does one talk's report say? One PDF in Chinese: who sat there, how it was coded, what was said, and how sure.

Set by typst on this machine, as the posters are; what people typed reaches it as data, never as its markup.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst
from django.db.models import QuerySet
from django.utils.translation import override

from huixiang.apps.focus import coded
from huixiang.apps.focus.models import Participant, Session, Theme
from huixiang.apps.focus.themes import QUOTABLE
from huixiang.apps.intake.posters import FONT
from huixiang.channels.contract import Fault
from huixiang.domain.coding import Agreed, Unknown

PAGE = Path(__file__).with_name("report.typ")
MOST_QUOTES = 6  # of a theme


def report(session: Session) -> bytes:
    """The PDF. Raises Fault where this machine has no Chinese letters."""
    if FONT not in typst.Fonts().families():
        raise Fault("这台服务器没有中文字体，无法生成报告；请安装 Debian 软件包 fonts-noto-cjk")
    with override("zh-hans"):
        told = json.dumps(_told(session), ensure_ascii=False)
    return typst.compile(PAGE, root=PAGE.parent, format="pdf", sys_inputs={"told": told, "font": FONT})


def _told(session: Session) -> dict[str, Any]:
    every = coded.of_sessions([session])
    uses = [use for use in coded.uses(session.study, every) if use.utterances]
    counts = coded.progress(session)
    return {
        "study": session.study.name,
        "subject": session.subject or session.study.name,
        "facts": [
            ["日期", f"{session.held_on:%Y-%m-%d}"],
            ["机构", session.unit.name],
            ["地点", session.place or "—"],
            ["主持人", session.moderator.name if session.moderator else "—"],
            ["状态", str(session.get_state_display())],
            ["参加者发言", f"{counts.all} 句，其中 {counts.disputed} 句有分歧未裁定，{counts.open} 句未编完"],
            ["编码一致性", agreed(coded.agreement(every)[0])],
        ],
        "people": [_seat(each) for each in session.participants.all()],
        "codes": [[use.code.name, str(use.utterances), str(use.people)] for use in uses],
        "themes": [_theme(theme, session) for theme in _themes(session)],
    }


def agreed(found: Agreed) -> str:
    if found.value is not None:  # of one talk: how far another would be from it, one talk cannot tell
        return f"α = {found.value:.2f}（MASI 距离，{found.of} 句，仅此一场，不给区间）"
    return f"两人都编过 {found.of} 句，不足以计算" if found.why is Unknown.FEW else "全部取同一个值，无从计算"


def _seat(person: Participant) -> list[str]:
    consent = str(person.get_consent_display())
    if person.withdrawn_at:
        consent = f"{person.withdrawn_at:%Y-%m-%d} 撤回同意，删去 {person.removed} 句"
    elif person.consented_on:
        consent = f"{consent}（{person.consented_on:%Y-%m-%d}）"
    return [person.label, str(person.get_tier_display()), consent]


def _themes(session: Session) -> QuerySet[Theme]:
    """Those that this talk shows: of the others its unit may know nothing."""
    return session.study.themes.filter(quotes__session=session).distinct()


def _theme(theme: Theme, session: Session) -> dict[str, Any]:
    quotes = theme.quotes.filter(session=session, participant__consent__in=QUOTABLE).select_related("participant")
    return {
        "name": theme.name,
        "definition": theme.definition,
        "quotes": [[str(each.participant), each.text] for each in quotes[:MOST_QUOTES]],
    }
