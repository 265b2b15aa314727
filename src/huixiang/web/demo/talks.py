"""What did the demonstration's focus groups bring? The made-up bank's talks, coded by two who differ as people do.

The complaint handler of each region codes what the simulation knows to be meant. The
analyst codes words as they stand: who mentions a grandfather in the queue speaks of the elderly to her, who says “过号”
without “排队” of nothing. The quality manager settles where they differ, but for the handler's last talk, where the
work is still open. The branch manager prepares one of her own.
"""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from huixiang.apps.access.models import Staff, Unit
from huixiang.apps.focus import actions, coded, voices
from huixiang.apps.focus.models import Code, Session, Study, Utterance
from huixiang.apps.needs.models import Need
from huixiang.channels import discussion
from huixiang.domain.coding import Standing
from huixiang.web.demo import ANALYST, BRANCH, BRANCH_MANAGER, HANDLER, OTHER_HANDLER, QUALITY_MANAGER

FOLDER, TALKS = "groups", 4
AHEAD = 14  # days until the branch's own talk
GUIDE = """# 开场 5
- 请简单介绍自己，平时怎么和我行打交道？
# 感受 40
- 最近一次办业务是什么情形？
  * 哪一步最费劲？
  * 别人有没有同样的经历？
- 有没有让您满意的地方？
# 收尾 10
- 如果只能改一处，您先改哪里？"""
MIX = {"ordinary": 12, "gold": 6, "platinum": 4, "private": 2}
TIERS = ("ordinary", "ordinary", "gold", "ordinary", "platinum", "gold")
SCOPES = ("voice", "voice", "quote", "voice", "voice", "analysis")
# Topic of the simulation → matter of the tree, or a word of the study's own.
MEANT = {
    "branch.waiting": "D.responsiveness.waiting",
    "branch.attitude": "D.empathy.attitude",
    "branch.facilities": "D.tangibles.premises",
    "branch.queue_machine": "D.tangibles.machines",
    "elderly.app": "D.empathy.vulnerable",
    "elderly.service": "D.empathy.vulnerable",
    "fees.transparency": "D.beyond.price",
    "fees.sms": "D.beyond.price",
    "app.design": "D.tangibles.interface",
    "app.transfer": "转账",
    "app.login": "登录费劲",
    "deposit.rate": "存款利率",
}
WORDS = {
    "D.responsiveness.waiting": "排队|等候|等了|叫号|排号",
    "D.empathy.attitude": "态度|热情|耐心|微笑|礼貌",
    "D.tangibles.premises": "环境|雨伞|坡道|充电|血压|座位|饮水",
    "D.tangibles.machines": "取号机|排队机|叫号机|机器",
    "D.empathy.vulnerable": "老人|老年|爷爷|奶奶|大爷|大字|父母",
    "D.beyond.price": "收费|手续费|年费|短信费|扣费",
    "D.tangibles.interface": "界面|图标|菜单|字体|首页|颜色",
    "转账": "转账|汇款",
    "登录费劲": "登录|登陆|密码|验证码|刷脸",
    "存款利率": "利率|利息",
}
WAITING = "D.responsiveness.waiting"


def hold(exports: Path) -> None:
    """Once. A bank too young to have held a focus group has none to show."""
    files = sorted((exports / FOLDER).glob("*.txt"))[-TALKS:]
    if not files or Study.objects.exists():
        return
    people = Staff.objects.in_bulk([HANDLER, OTHER_HANDLER, ANALYST, QUALITY_MANAGER], field_name="number")
    manager = people[QUALITY_MANAGER]
    plan = actions.Plan("客户眼里的网点、手机银行与收费", "投诉里说不清的，当面问：哪一步费劲，想要什么。", GUIDE, MIX)
    study = actions.open_study(Unit.objects.get(parent=None), plan, by=manager, source="cli")
    codes = _book(study, manager)
    sessions = [_brought(study, file, manager) for file in files]
    voices.take_in()
    truths = _truths(exports)
    for file, session in zip(files, sessions, strict=True):
        meant = {number: topics for (name, number), topics in truths.items() if name == file.stem}
        _code(session, meant, codes, people)
    hers = [each for each in sessions if each.coders.filter(number=HANDLER).exists()]
    for session in sessions:
        if session not in hers[-1:] and not session.coders.filter(pk=manager.pk).exists():
            _settle(session, manager)
    _theme(study, codes, manager)
    counts = {"talks": len(sessions), "said": Utterance.objects.of_participants().count()}
    told = "焦点小组：{talks} 场、{said} 句发言，两人编码 / focus groups: {talks} talks, {said} utterances"
    print(told.format(**counts))  # noqa: T201


def prepare_one(today: date) -> None:
    """The branch manager joins the study with a talk at her outlet, two weeks from now; two customers have agreed."""
    study, manager = Study.objects.first(), Staff.objects.filter(number=BRANCH_MANAGER).first()
    if study is None or manager is None or study.sessions.filter(unit__code=BRANCH).exists():
        return
    where, when = Unit.objects.get(code=BRANCH), today + timedelta(days=AHEAD)
    setting = actions.Setting(when, where, "一楼会客室", "老年客户怎么取号、填单", manager)
    with transaction.atomic():
        session = actions.add_session(study.pk, setting, by=manager, source="cli")
        for tier in TIERS[:2]:
            person = actions.add_participant(session.pk, tier=tier, by=manager, source="cli")
            actions.record_consent(person.pk, "voice", today, by=manager, source="cli")


def _book(study: Study, manager: Staff) -> dict[str, Code]:
    found = {}
    for name in dict.fromkeys(MEANT.values()):
        own, topic = ("", name) if "." in name else (name, "")
        found[name] = actions.add_code(study.pk, own, topic=topic, by=manager, source="cli")
    return found


def _brought(study: Study, file: Path, manager: Staff) -> Session:
    """The talk of this record, held where its heading says, with consents as people give them."""
    content = file.read_bytes()
    read = discussion.read(content, file.name)
    heading = content.decode("utf-8").partition("\n")[0].rpartition("\u3000")[2].strip()
    root = Unit.objects.get(parent=None)
    unit = Unit.objects.filter(name=heading).first() or root
    held_on = read.held_on or timezone.localdate()
    setting = actions.Setting(held_on, unit, "三楼会议室", moderator=manager)
    session = actions.add_session(study.pk, setting, by=manager, source="cli")
    customers = sorted(label for label in read.labels if label != "主持人")
    for label, tier, scope in zip(customers, TIERS, SCOPES, strict=False):
        person = actions.add_participant(session.pk, tier=tier, spoken_as=label, by=manager, source="cli")
        actions.record_consent(person.pk, scope, held_on, by=manager, source="cli")
    made = actions.upload(session.pk, file.name, content, by=manager, source="cli")
    actions.bring_in(made.pk, actions.suggested(session, read.labels), by=manager, source="cli")
    session.refresh_from_db()
    return session


def _code(session: Session, meant: dict[int, list[str]], codes: dict[str, Code], people: dict[str, Any]) -> None:
    """Where no handler's region is, the quality manager codes what is meant; she settles nothing there."""
    handlers = [people[number] for number in (HANDLER, OTHER_HANDLER) if number in people]
    own = (each for each in handlers if each.holds("focus.code", session.unit))
    first = next(own, people[QUALITY_MANAGER])
    actions.begin_coding(session.pk, [first.number, ANALYST], by=people[QUALITY_MANAGER], source="cli")
    for each in session.utterances.of_participants():
        true = {codes[MEANT[topic]].pk for topic in meant.get(each.number, []) if topic in MEANT}
        literal = {codes[name].pk for name, words in WORDS.items() if re.search(words, each.text)}
        actions.code(each.pk, true, by=first, source="cli")
        actions.code(each.pk, literal, by=people[ANALYST], source="cli")


def _settle(session: Session, manager: Staff) -> None:
    """She looks at what is meant, as the handler did."""
    meant = session.coders.exclude(number=ANALYST).get().number
    for each in coded.of_sessions([session]):
        if each.standing is Standing.DISPUTED:
            actions.settle(each.utterance.pk, [int(key) for key in each.by[meant]], by=manager, source="cli")
    actions.finish(session.pk, by=manager, source="cli")


def _theme(study: Study, codes: dict[str, Code], manager: Staff) -> None:
    """What runs through the talks, and the need that it bears out: one of the library where there is one."""
    waiting = codes[WAITING]
    every = coded.of_sessions(study.sessions.all())
    held = [each.utterance for each in every if str(waiting.pk) in (each.final or ())]
    quotes = [each.pk for each in held if each.participant and each.participant.may_be_quoted][:4]
    meaning = actions.Meaning(
        "排队等候吃掉半天", "等候时间长、过号要重排；客户愿意改用手机取号。", [waiting.pk], quotes
    )
    theme = actions.make_theme(study.pk, meaning, by=manager, source="cli")
    need = Need.objects.on_topics([WAITING]).exclude(state__in=["merged", "rejected"]).first()
    if need:
        actions.link(theme.pk, need.pk, by=manager, source="cli")
    else:
        actions.propose(theme.pk, "pain_point", by=manager, source="cli")


def _truths(exports: Path) -> dict[tuple[str, int], list[str]]:
    """File and turn → the topics that are meant."""
    found = {}
    with (exports / "truth-voices.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            if '"file": "groups"' in line[:24]:
                truth = json.loads(line)
                name, _, turn = truth["id"].partition("#")
                found[name, int(turn)] = truth["topics"]
    return found
