"""A talk as tests tell of it: who sits there, what its record says, and how it comes in."""

from __future__ import annotations

from datetime import date

from huixiang.apps.access.models import Staff
from huixiang.apps.focus import actions
from huixiang.apps.focus.models import Participant, Session, Transcript
from tests.make import Bank

DAY = date(2026, 3, 16)
RECORD = """焦点小组记录　主题：手机银行好不好用　日期：2026-03-16　北山支行

主持人：大家好，请说说手机银行。
参与者A：登录太慢了，我打13812345678客服也没人接。
参与者B：转账挺方便的，界面也清楚。
主持人：还有吗？
参与者A：字太小，看不清。
参与者C：我觉得都还行。
参与者C：
"""


def talk_of(bank: Bank, by: Staff) -> Session:
    """The head office's study, with one talk at the north's outlet."""
    plan = actions.Plan("手机银行体验", guide="# 开场 5\n- 请介绍自己\n  * 多久用一次？", mix={"gold": 2})
    study = actions.open_study(bank.head_office, plan, by=by)
    return actions.add_session(study.pk, actions.Setting(DAY, bank.north_outlet, moderator=by), by=by)


def seat(talk: Session, by: Staff, name: str, scope: str = "voice") -> Participant:
    made = actions.add_participant(talk.pk, tier="gold", spoken_as=name, by=by)
    return actions.record_consent(made.pk, scope, DAY, by=by) if scope else made


def bring(talk: Session, by: Staff, text: str = RECORD, name: str = "座谈.txt") -> Transcript:
    made = actions.upload(talk.pk, name, text.encode(), by=by)
    counts = {each.label: 1 for each in actions.turns(made)}
    return actions.bring_in(made.pk, actions.suggested(talk, counts), by=by)
