"""What would the learned model make of a month? It read one on trial; then the rules read it again, and read on."""

from __future__ import annotations

from huixiang.apps.access.models import Staff
from huixiang.apps.annotation import actions
from huixiang.apps.annotation.models import Activation, ModelVersion, Rereading
from huixiang.apps.feedback.facts import lake
from huixiang.apps.feedback.models import Correction
from huixiang.lake import questions
from huixiang.web.demo import QUALITY_MANAGER
from huixiang.web.demo.labelling import MODEL, TASKS
from huixiang.web.demo.working import work_off

TRIED = "演示：只试读一个月，看看判断有何不同。"
TAKEN_BACK = "演示：试读完毕；几十条标注不足以放心交给它。退回后用规则把这个月读回来。"
TASK = TASKS[0]


def read_on_trial() -> None:
    """Once: activated, a month read again, taken back, the month as it was. Who activates afterwards is left alone."""
    version = ModelVersion.objects.filter(task=TASK, name=MODEL).order_by("pk").first()
    history = list(Activation.objects.filter(task=TASK).order_by("pk"))
    if version is None or [each.reason for each in history] != [TRIED, TAKEN_BACK][: len(history)]:
        return
    manager = Staff.objects.get(number=QUALITY_MANAGER)
    if not history:
        history = [actions.activate(version, by=manager, although_worse=True, reason=TRIED, source="cli")]
    readings = list(Rereading.objects.filter(at__gte=history[0].at).order_by("at"))
    first = readings[0] if readings else actions.reread([_month()], by=manager, source="cli")
    if not work_off(first.job):
        return
    if len(history) == 1:
        actions.roll_back(TASK, by=manager, reason=TAKEN_BACK, source="cli")
    if len(readings) > 1:
        work_off(readings[1].job)
    elif work_off(actions.reread(first.months, by=manager, source="cli").job):
        _tell(first, version)


def _tell(read: Rereading, version: ModelVersion) -> None:
    read.refresh_from_db()
    said = f"{version.label} 试读 {read.months[0]} 的 {read.voices} 条声音，{read.changed} 条判断不同；已退回规则并读回"
    print(f"{said} / read again on trial: {read.voices} voices, {read.changed} differ; taken back")  # noqa: T201


def _month() -> str:
    """That of the branch manager's correction, which stays; else the shortest."""
    months = lake().months("voices")
    for correction in Correction.objects.order_by("pk"):
        voice = questions.voice(lake(), correction.voice_id)
        if voice and voice.month in months:
            return voice.month
    return min(months, key=lambda month: questions.count_of_month(lake(), month))
