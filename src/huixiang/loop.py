"""What happens every night? The loop turns once: each step below is a line of the product's table of contents.

Later stages pull from earlier ones here, and only here; an earlier stage never pushes. Every step may be run twice
without harm, and one that fails does not keep the others from their work.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from huixiang.apps.access import answers, audit, heads, jobs, logins
from huixiang.apps.access.models import AuditRecord
from huixiang.apps.access.roster import files as rosters
from huixiang.apps.annotation import forgetting, watching
from huixiang.apps.annotation.actions import activation
from huixiang.apps.complaints import catching_up, digests, hooks_leaving, notices, risk_mails, signalling, voicing
from huixiang.apps.complaints import erasing as complaint_erasing
from huixiang.apps.complaints import projecting as complaints
from huixiang.apps.feedback import (
    attachments,
    erasing,
    hotline,
    keeping,
    outside,
    own_keeping,
    repeated,
    returned,
    rises,
    uploads,
)
from huixiang.apps.feedback.actions import corrections
from huixiang.apps.feedback.facts import lake
from huixiang.apps.focus import erasing as talks
from huixiang.apps.focus import voices as talked
from huixiang.apps.ideas import actions as ideas
from huixiang.apps.inspections import actions as inspections
from huixiang.apps.intake import keeping as kept
from huixiang.apps.intake import letters, limits, taking
from huixiang.apps.needs import actions as needs
from huixiang.apps.needs import standing
from huixiang.apps.needs.weighing import DAYS
from huixiang.apps.reputation import bursts, names
from huixiang.apps.slips import reading as slip_reading
from huixiang.apps.slips import taking as slip_taking
from huixiang.apps.sources import taking as polling
from huixiang.apps.standards import linting as standards
from huixiang.apps.standards import monitoring
from huixiang.apps.subscriptions import sending as subscriptions
from huixiang.apps.surveys import expiring, handing, mixing
from huixiang.apps.surveys import sending as survey_sending
from huixiang.apps.surveys import taking as surveys
from huixiang.lake.store import Lake

DAY = timedelta(days=1)
log = logging.getLogger(__name__)


def nightly(now: datetime) -> dict[str, str]:
    """Do all of it; what came of each step, one sentence each. Whoever starts it says what time it is."""
    today = timezone.localdate(now)
    steps: dict[str, Callable[[], object]] = {
        _("接管失联的后台任务"): lambda: jobs.reap(now),
        _("收入等候的留言"): taking.take_in_all,
        _("收入等候的纸质意见"): slip_taking.take_in_all,
        _("收入座谈发言"): talked.take_in_all,
        _("打乱并放行匿名问卷的答案"): mixing.mix_all,
        _("收入等候的答卷"): surveys.take_in_all,
        _("补做未入湖的更正"): corrections.apply_corrections,
        _("补做未完成的删除"): erasing.finish,
        _("忘记已删除声音的标注"): forgetting.forget_erased,
        _("忘记已删除的座谈发言"): talks.forget_erased,
        _("删除到期的参加者联系方式"): lambda: keeping.clear(now, "participants"),
        _("清理未确认的座谈记录"): lambda: talks.forget_drafts(now),
        _("核对启用的理解模型"): activation.repoint,
        _("观察理解模型的漂移"): watching.watch,
        _("删除到期的联系方式、答复与照片"): lambda: keeping.clear(now, *kept.CODES),
        _("删除等候过久的隔离附件"): lambda: keeping.clear(now, "set_aside"),
        _("为以前隔离的行记下辨认的标记"): repeated.mark_old,
        _("清空到期的隔离行"): lambda: keeping.clear(now, "quarantine"),
        _("删除到期的纸质意见图像与文字"): lambda: keeping.clear(now, "slips"),
        _("清理到期的声音"): lambda: keeping.clear(now, *own_keeping.VOICES),  # after what answers to them
        _("再次清理旧备份带回的标注与附件"): lambda: returned.forget(now),
        _("清理到期的答卷"): lambda: keeping.clear(now, "survey_answers"),  # after the words beside them
        _("清理到期的排队叫号记录"): lambda: keeping.clear(now, "tickets"),
        _("清理到期的电子渠道操作记录与客户清单"): lambda: keeping.clear(now, "clicks", "customers"),
        _("清理到期的员工建议与座谈发言"): lambda: keeping.clear(now, "ideas", "utterances"),
        _("忘记一小时前的发送与查询次数"): lambda: limits.forget(now),
        _("删除到期的问卷草稿、联系方式与未放行的答案"): lambda: keeping.clear(
            now, "surveys", "answer_files", "answer_rows"
        ),
        _("忘记一年前问过谁"): lambda: keeping.clear(now, "survey_invited"),
        _("删除没有作答的当面邀请"): lambda: handing.forget_unused(today),
        _("清理未确认的上传"): lambda: uploads.clean(now),
        _("清理没有登记成功的附件"): lambda: attachments.sweep(now),
        _("清理未确认的机构文件"): lambda: rosters.forget_old(now - DAY),
        _("清理过期会话、登录尝试与队列记录"): lambda: logins.forget(now) + jobs.forget_queue(now - 14 * DAY),
        _("清理过期的接口应答"): lambda: answers.forget(now),
        _("清理外接模型的旧答案"): lambda: outside.forget_old(today),
        _("在审计中记下不署名建议的条数"): lambda: ideas.note_unsigned(today),
        _("查看哪些事项在上升"): lambda: rises.watch_topics(now),
        _("查看APP评论是否集中涌现"): lambda: bursts.watch_reviews(now),
        _("检查服务标准"): lambda: standards.watch(today),
        _("逾期未答的检查问题视为认领"): lambda: inspections.lapse_due(today),
        _("清除期满的检查照片与申诉材料"): lambda: keeping.clear(now, "inspections"),
        _("整理数据湖"): lambda: lake().tidy(),
        _("忘记已删除声音的证据编号"): needs.forget_erased,
        _("提出新的客户需求"): lambda: needs.propose_from(today - (DAYS - 1) * DAY, today, by="system:nightly"),
        _("清点各项需求的声音"): lambda: _heavily(standing.count_anew),
        _("清点热线通话"): lambda: _heavily(hotline.count_anew),
        _("清点社交媒体"): lambda: _heavily(names.count_anew),
        _("按今天的日期重排在办投诉"): lambda: complaints.project_open(now),
        _("给此前登记的投诉补风险标记与联系方式的摘要"): lambda: catching_up.catch_up(now),
        _("按规则把声音转为投诉"): lambda: voicing.take_due(now),
        _("写好每日的投诉期限提醒邮件"): lambda: digests.write_for(now),
        _("写好订阅的视图"): lambda: subscriptions.write_for(now),
        _("查看投诉是否聚集"): lambda: signalling.watch_cases(now),
        _("查看各项指标是否变动"): lambda: monitoring.watch(now),  # after what its figures count has come in
        _("已删除客户的投诉办结后转为仅存储"): complaint_erasing.hold_ended,
        _("清除期满投诉的身份与文字"): lambda: keeping.clear(now, "complaints"),
        _("清除投诉中撤下的附件"): lambda: keeping.clear(now, "complaint_files"),
        _("清理投诉事件的送达记录"): lambda: hooks_leaving.forget(now),
        _("保存审计链头"): lambda: heads.keep(today),
    }
    told = {title: _outcome(title, step) for title, step in steps.items()}
    failed = sum(outcome.startswith("!") for outcome in told.values())
    audit.record(
        "nightly", by="system:nightly", on_kind="loop", outcome="failed" if failed else "done", failed_steps=failed
    )
    return told


def each_moment(now: datetime) -> int:
    """Every few seconds: jobs that lost their worker go back into the queue, messages and answers that came in are
    taken in, slips of paper are read and taken in, anonymous answers move on that have company, sources whose turn
    it is are asked, invitations to surveys leave, and what a night that was killed left half-cleared is ended.

    How many jobs were put back?
    """
    taking.begin_due(now)
    letters.begin_due(now)
    notices.begin_due(now)
    hooks_leaving.begin_due(now)
    risk_mails.begin_due(now)
    digests.begin_due(now)
    subscriptions.begin_due(now)
    voicing.begin_due(now)
    slip_reading.begin_due(now)
    slip_taking.begin_due(now)
    talked.begin_due()
    mixing.mix()
    surveys.begin_due(now)
    expiring.begin_due(now)
    polling.start_due(now)
    survey_sending.start_due(now)
    return jobs.reap(now)


def last_turned() -> datetime | None:
    """When did the loop turn last? Where it never did, when this house began; None: it has not begun."""
    turned = AuditRecord.objects.filter(verb="nightly").order_by("-seq").values_list("at", flat=True).first()
    return turned or AuditRecord.objects.order_by("seq").values_list("at", flat=True).first()


def _heavily(count: Callable[[Lake], object]) -> object:
    """On the bank's cluster, where it has named one and the facts are many."""
    with lake().heavily():
        return count(lake())


def _outcome(title: str, step: Callable[[], object]) -> str:
    try:
        outcome = step()
    except Exception as error:
        # Where, not what: a message might quote a customer.
        log.error("%s: %s\n%s", title, type(error).__name__, "".join(traceback.format_tb(error.__traceback__)))
        return f"! {type(error).__name__}"
    return "" if outcome is None else str(outcome)
