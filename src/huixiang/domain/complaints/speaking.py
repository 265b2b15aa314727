"""Who speaks for the complainant, and who is one with whom? Conditions of these verbs, each with what it says."""

from __future__ import annotations

from huixiang.domain.complaints.acting import Act
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.running import Warned
from huixiang.domain.complaints.standing import Standing

HELD, MISSING, INVALID = "held", "missing", "invalid"
# Of a power of attorney, or the proof of a relation: Chinese, English.
MANDATES = {
    HELD: ("已收原件并核对", "the original was received and checked"),
    MISSING: ("还没有收到", "not received yet"),
    INVALID: ("核对不符", "it did not hold when checked"),
}
SUSPECTED, CLEARED = "suspected", "cleared"
SUSPICIONS = {
    SUSPECTED: ("认定有恶意代理投诉的嫌疑，照常办理", "suspected of being a malicious agent; handled like any other"),
    CLEARED: ("看过，没有嫌疑", "looked at, no suspicion"),
}


def a_mandate_if_spoken_for(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """An agent without a power of attorney is asked for it, or refused: neither is done in silence."""
    if now.mandate in {MISSING, INVALID}:
        return Warned("代理人还没有有效的授权委托书原件：请先请其补交并核对，或不予受理并告知", "no_mandate")
    return None


def a_mandate_is_missing(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if not now.mandate:
        return Warned("由本人提出，不须授权委托书", "no_agent")
    return Warned("已收授权委托书原件", "mandate_held") if now.mandate == HELD else None


def a_mandate_was_looked_at(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if not now.mandate:
        return Warned("由本人提出，不须授权委托书", "no_agent")
    return None if act.mandate in {HELD, INVALID} else Warned("请选择核对的结果", "no_result")


def another_account(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.has_account else Warned("请写客户号或账号", "no_account")


def not_tied_yet(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """A person stands by it: nobody is made one with another by a rule."""
    if not act.case or act.case in now.tied:
        return Warned("请写另一件的编号；已认定的不必再认定", "no_other_case")
    return None if act.is_confirmed else Warned("请先核对，再勾选“我已核对”", "not_confirmed")


def was_tied(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.case in now.tied else Warned("这两件没有认定为同一客户", "not_tied")


def a_suspicion(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.suspicion in SUSPICIONS else Warned("请选择您的判断", "no_judgement")
