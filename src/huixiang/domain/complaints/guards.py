"""May this be done now? Named conditions of the law and of the house, each with the sentence told when it refuses."""

from __future__ import annotations

from collections.abc import Callable

from huixiang.domain.complaints import contacts
from huixiang.domain.complaints.acting import MEDIA, REMEDIES, Act
from huixiang.domain.complaints.classes import KINDS, PAID
from huixiang.domain.complaints.escalating import is_high_enough
from huixiang.domain.complaints.rules import Pack
from huixiang.domain.complaints.running import Warned
from huixiang.domain.complaints.standing import Standing
from huixiang.domain.complaints.warning import Level

SERIOUSNESS = ("ordinary", "complex", "major")

Guard = Callable[[Standing, Act, Pack], Warned | None]


def in_order(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Time runs one way, and nobody was told before the receipt or after the act."""
    if act.at < now.last_at:
        return Warned("时间早于上一条记录；请核对时间", "before_the_last")
    if act.told_at is not None and not now.received_at <= act.told_at <= act.at:
        return Warned("告知的时间不在收到投诉与现在之间；请核对", "told_at_impossible")
    return None


def told(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if act.told_at is None:
        return Warned("还没有告知投诉人：请写明何时、如何告知", "not_told")
    if act.medium and act.medium not in MEDIA:
        return Warned("请选择如何告知：电话、信函、当面、邮件或短信", "no_medium")
    return None


def told_where_the_reason_asks(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """A reason with `tells = false` may be written down without; who was told all the same was told in a right way."""
    refusal = pack.refusal(act.reason)
    if refusal and not refusal.tells and act.told_at is None:
        return None
    return told(now, act, pack)


def said(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.has_words else Warned("请写明内容", "no_words")


def a_reason_to_refuse(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if pack.refusal(act.reason) else Warned("请选择不予受理的理由", "no_reason")


def doer_is_free(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Recusal: nobody handles, decides or approves what is about himself, or a unit marked as in conflict."""
    if now.concerns(act.by, act.units):
        return Warned("您是被投诉人，或所在机构须回避：请由其他人办理", "must_keep_out")
    away = act.deputy_of(now)
    if now.accused.intersection(act.stands_for) or (away and now.concerns(away, act.stands_for[away])):
        return Warned("您代班的同事是被投诉人，或所在机构须回避：请由其他人办理", "deputy_must_keep_out")
    return None


def not_of_himself(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Who is complained of does nothing at all with it, whatever else he may."""
    if act.by and act.by in now.accused:
        return Warned("您是被投诉人：请由其他人办理", "about_yourself")
    return None


def receiver_is_free(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if not act.to:
        return Warned("请选择由谁办理", "nobody")
    if now.concerns(act.to, act.to_units):
        return Warned("这位同事是被投诉人，或所在机构须回避：请选其他人", "receiver_must_keep_out")
    return None


def mine_or_free(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if now.handler and now.handler not in {act.by, act.deputy_of(now)}:
        return Warned("已分派给其他人；要由您办理，请先改派", "not_yours")
    return None if act.by else Warned("须由一位员工办理", "nobody")


def receiver_is_here(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Who is away has a deputy: it goes to her all the same only where somebody says so."""
    if not act.to_away_until or act.is_confirmed:
        return None
    params = {"until": act.to_away_until, "deputy": act.to_deputy}
    message = "这位同事不在岗（至 %(until)s），由 %(deputy)s 代班：请改派给代班人，或勾选“不在岗，仍分派”"
    return Warned(message, "receiver_away", params)


def another_unit(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if not act.unit or act.unit == now.unit:
        return Warned("请选择另一个机构", "same_unit")
    if act.unit in now.conflicts:
        return Warned("这个机构须回避：请选其他机构", "unit_must_keep_out")
    return None


def a_pause_of_the_law(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Waiting for the complainant, or for a colleague, stops no clock unless the clause says so."""
    if not any(act.reason in clock.pauses for clock in pack.clocks):
        return Warned("这个理由不能暂停期限，条文只允许鉴定、检测、评估等", "pause_not_allowed")
    return Warned("已因这个理由暂停", "already_paused") if act.reason in now.paused else None


def is_paused(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.reason in now.paused else Warned("没有因这个理由暂停", "not_paused")


def can_be_longer(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if pack.extension(now.rule, act.rule) is None:
        return Warned("规则里没有这样的延长", "extension_not_allowed")
    return None


def in_time(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return Warned("原期限已过，不能再延长", "extension_too_late") if act.is_lapsed else None


def was_asked(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if now.extension is None or (act.rule and act.rule != now.extension.rule):
        return Warned("没有人申请过这项延长", "extension_not_asked")
    return None


def none_is_asked(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if now.extension is None else Warned("已有一项延长申请在办", "extension_asked")


def approver_of_the_law(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """By the level that the clause names, and not by who asked."""
    asked = now.extension
    if asked is None:
        return None
    extension = pack.extension(now.rule, asked.rule)
    if asked.level:
        return Warned("这项延长已经审批", "already_approved")
    if asked.by == act.by and not act.source:
        return Warned("申请的人不能自己审批", "own_request")
    if extension is None or ("approval" in extension.needs and act.levels.isdisjoint(extension.approvers)):
        return Warned("须由上级机构或总行高级管理人员审批", "not_the_level")
    return None


def extension_is_whole(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Approval and notice, whichever the clause asks for; without either it is refused."""
    asked = now.extension
    extension = pack.extension(now.rule, asked.rule) if asked else None
    if asked is None or extension is None:
        return Warned("规则里没有这样的延长", "extension_not_allowed")
    if "approval" in extension.needs and asked.level not in extension.approvers:
        return Warned("延长还未经有权者审批", "extension_without_approval")
    if "notice" in extension.needs and act.told_at is None:
        return Warned("延长还未告知投诉人", "extension_without_notice")
    return None


def within_own_power(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Major cases, and money above the limit, need a second pair of eyes."""
    if now.is_major or act.fen > act.limit_fen:
        return Warned("重大投诉或超过限额的补偿须经复核：请提交复核", "needs_other_eyes")
    return None


def other_eyes(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return Warned("起草的人不能自己复核", "own_proposal") if not act.by or act.by == now.author else None


def a_whole_reply(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """It names the grounds and all four ways open to the complainant."""
    if not act.names_grounds:
        return Warned("答复须写明核实情况与理由、依据", "no_grounds")
    if not act.remedies >= REMEDIES:
        return Warned("答复须告知核查、调解、仲裁、诉讼四种途径", "no_remedies")
    return None


def decided_and_told(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if not (now.is_decided and now.is_told):
        return Warned("作出决定并告知投诉人之后才能办结", "not_decided_and_told")
    return None


def review_in_time(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if act.is_review_lapsed:
        return Warned("申请核查的期限已过", "review_too_late")
    return None if now.is_told else Warned("还没有答复，谈不上核查", "nothing_to_review")


def new_eyes_from_above(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Who handled, decided or approved it does not review it; the superior unit does."""
    if not act.by or act.by in now.hands:
        return Warned("办理、决定或审批过这件投诉的人不能核查", "own_work")
    return None if act.is_above else Warned("核查由上级机构办理", "not_above")


def told_by_or_to_all(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Nobody merges complaints of two customers but a person who has looked."""
    if not (act.is_same_customer or act.is_confirmed):
        return Warned("两件不是同一客户：请核对后勾选确认，再并案", "not_the_same")
    return None


def another_case(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if not act.case or act.case in now.merged:
        return Warned("请选择另一件未并入的投诉", "same_case")
    return None


def its_people_are_free(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Who has this case, or wrote what is not told yet, must not come to handle what is about himself by a merger."""
    if not act.accused.isdisjoint({now.handler, now.author, now.decided_by}):
        return Warned("办理这一件的人是另一件的被投诉人：请先改派或登记回避，再并案", "merged_about_yourself")
    return None


def holds_none(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if now.merged:
        return Warned("有投诉并入了这一件：请直接并入最后留下的一件，或先拆出", "holds_others")
    return None


def was_merged(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.case in now.merged else Warned("那一件没有并入这一件", "not_merged")


def into_this(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.case == now.into else Warned("这一件没有并入那一件", "not_merged")


def known_by_the_level(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """A risk is known when who must know of it says so, or somebody above him; not whoever has the case."""
    if not act.must_know:
        return Warned("没有须知悉的风险", "no_risk_waits")
    if not is_high_enough((Level(rank) for rank in act.ranks), Level(act.must_know)):
        return Warned("须由应知悉的一级或其上级的负责人知悉", "not_the_rank")
    return None


def is_grade(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.seriousness in SERIOUSNESS else Warned("请选择普通、复杂或重大", "no_grade")


def knows_the_rule(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if pack.rule(act.rule) is None or not act.unit:
        return Warned("规则包里没有这条规则，或没有写承办机构", "no_rule")
    return None


# By these the complainant himself wants his case dealt with again, so that it leaves the storage until its next end.
ASKED_FOR = frozenset({"dispute", "apply_review"})


def not_held(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if not now.is_held or act.verb in ASKED_FOR:
        return None
    return Warned("这件投诉只可存档：投诉人自己提出异议或申请核查才能再办理", "held")


def classes_of_the_day(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """Codes of the tree and the lists as they were in force on the day of the receipt; nothing else is a class."""
    if not act.classes:
        return Warned("没有改动：请至少选择一项", "no_class")
    for kind, code in act.classes.items():
        if kind == PAID and code:
            if not (code.isascii() and code.isdigit()):
                return Warned("已付补偿请写整数的分", "paid_no_number")
            if int(code) > now.fen:
                return Warned("已付的补偿不能超过决定的金额", "paid_too_much")
        elif code and code not in act.known.get(kind, ()):
            return Warned("“%(code)s”不在收到投诉那天有效的分类里：请重新选择", "class_unknown", {"code": code[:40]})
        elif kind not in KINDS:
            return Warned("没有“%(code)s”这一项分类", "class_unknown", {"code": kind[:40]})
    return None


def a_whole_contact(now: Standing, act: Act, pack: Pack) -> Warned | None:
    """How, who called whom, and how it went; of what was spoken, the words."""
    known = ((act.medium, contacts.MEDIA), (act.direction, contacts.DIRECTIONS), (act.outcome, contacts.OUTCOMES))
    if any(said not in names for said, names in known):
        return Warned("请选择联系的方式、方向和结果", "no_contact")
    if act.outcome in contacts.SPOKEN and not act.has_words:
        return Warned("请写明内容", "no_words")
    if act.outcome == "call_back" and (act.call_back_at is None or act.call_back_at <= act.at):
        return Warned("请写约定回电的时间，须晚于这次联系", "no_call_back_time")
    return None


def a_checked_file(now: Standing, act: Act, pack: Pack) -> Warned | None:
    return None if act.file.get("sha256") else Warned("请选择文件", "no_file")


def is_attached(now: Standing, act: Act, pack: Pack) -> Warned | None:
    if act.file.get("id") not in now.files:
        return Warned("这个附件不在这件投诉里，或已撤下", "not_attached")
    return None
