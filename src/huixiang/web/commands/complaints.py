"""By when must a complaint be answered? `huixiang complaints due` tells each clock and the clause that sets it."""

from __future__ import annotations

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from huixiang.channels.contract import Fault
from huixiang.domain.complaints.clocks import Reading, State
from huixiang.domain.complaints.events import BadCase, Event, read_events
from huixiang.domain.complaints.hours import moment, time_of
from huixiang.domain.complaints.resolution import Definition, read_definition, shipped_definition
from huixiang.domain.complaints.rulebook import read_pack, shipped, shipped_codes
from huixiang.domain.complaints.rules import Pack, Trust
from huixiang.domain.complaints.running import Warned
from huixiang.domain.complaints.tables import LONGEST, tables_of
from huixiang.web.bilingual import both, both_of
from huixiang.web.commands import (
    complaints_calendar,
    complaints_export,
    complaints_import,
    complaints_replay,
    complaints_returns,
    complaints_signals,
)

LARGEST_EVENTS = 2_000_000  # bytes
LATE = {State.OVERDUE, State.MET_LATE}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    due = verbs.add_parser("due", help="一件投诉的各项期限（JSON）/ the clocks of one complaint, as JSON")
    due.add_argument("--received", required=True, metavar="TIME", help="收到时间，如 2026-09-28T16:00+08:00 / received")
    due.add_argument("--rule", required=True, metavar="PACK/RULE", help="规则，如 cn-2020/simple / the rule")
    due.add_argument("--events", type=Path, metavar="FILE", help="此后的事件（JSON 列表）/ what happened since, JSON")
    due.add_argument("--at", metavar="TIME", help="看哪一刻，缺省现在 / as of, now by default")
    due.add_argument("--rule-pack", type=Path, metavar="FILE", help="用自己的规则包 / a pack of the bank's own, TOML")
    due.add_argument(
        "--unit", default="", metavar="CODE", help="收到投诉的机构号，按其营业时间 / the unit that received it"
    )
    complaints_calendar.add_arguments(due)
    check = verbs.add_parser("check", help="检查规则包或一次性解决的定义 / check a pack of rules or a definition")
    check.add_argument("file", type=Path, metavar="FILE", help="TOML 文件 / the TOML file")
    complaints_replay.add_arguments(
        verbs.add_parser("replay", help="新规则会使哪些投诉另作判断 / what a new pack would do to the cases there were")
    )
    complaints_export.add_arguments(verbs)
    complaints_import.add_arguments(verbs)
    complaints_signals.add_arguments(
        verbs.add_parser("signals", help="投诉的聚集信号（JSON）/ where like complaints gather, as JSON")
    )
    complaints_returns.add_arguments(verbs)
    verbs.add_parser("rebuild", help="由记录重建投诉的队列，说出哪里不同 / make the queue anew from the events")
    verbs.add_parser("packs", help="列出规则与条文 / the rules there are, with their clauses")


def run(args: argparse.Namespace) -> int:
    """0; 2 with the reason on stderr, where a file or an argument cannot be used."""
    try:
        if args.verb == "due":
            return _due(args)
        if args.verb in {"verify", "rebuild", "export", "lessons", "import", "returns", "signals"}:
            return _of_database(args)
        if args.verb == "replay":
            return _replay(args)
        if args.verb == "check":
            _check(_text_of(args.file, LONGEST * 4))
        for each in filter(None, map(shipped, shipped_codes())) if args.verb == "packs" else ():
            _list(each)
            if definition := shipped_definition(each.code):
                _define(definition)
    except BadCase as bad:
        print(both(bad.message, bad.params), file=sys.stderr)
        return 2
    except Fault as fault:
        print(both_of(fault), file=sys.stderr)
        return 2
    return 0


def _of_database(args: argparse.Namespace) -> int:
    import django

    from huixiang.web.commands.readiness import ready_database

    django.setup()
    ready_database()
    if args.verb == "returns":
        return complaints_returns.run(args)
    if args.verb in {"export", "lessons"} or (args.verb == "verify" and args.export):
        return complaints_export.run(args)
    if args.verb == "import":
        return complaints_import.run(args)
    if args.verb == "signals":
        return complaints_signals.run(args)
    return _verify() if args.verb == "verify" else _rebuild()


def _verify() -> int:
    """1 where a line is not as it was written; which, is told."""
    from huixiang.apps.complaints import chain

    count, broken = chain.verify()
    for each in broken:
        print(f"{each.number} #{each.seq}: {each.fault}", file=sys.stderr)
    print(json.dumps({"lines": count, "broken": len(broken)}))
    return 1 if broken else 0


def _rebuild() -> int:
    from huixiang.apps.access import audit
    from huixiang.apps.complaints import projecting

    count = 0
    for count, (number, wrong) in enumerate(projecting.rebuild(datetime.now(UTC)), 1):  # noqa: B007  # how many
        print(f"{number}: {', '.join(wrong)}")
    print(json.dumps({"differed": count}))
    audit.record("complaint.rebuild", by=audit.shell_user(), on_kind="complaint", source="cli", differed=count)
    return 0


def _due(args: argparse.Namespace) -> int:
    code, _, rule = args.rule.partition("/")
    pack = _pack_of(args.rule_pack) if args.rule_pack else shipped(code)
    if pack is None or pack.code != code:
        raise Fault("没有规则包“%(code)s”；现有 %(codes)s。", code=code, codes=_names(pack))
    if pack.rule(rule) is None:
        rules = "、".join(f"{code}/{each.code}" for each in pack.rules)
        raise Fault("没有规则“%(rule)s”；现有 %(rules)s。", rule=args.rule, rules=rules)
    received = Event(_moment("--received", args.received), "received", unit=args.unit)
    events = [received, *_events(args.events, received.at)]
    now = int(moment(datetime.now(UTC)))
    at = _moment("--at", args.at) if args.at else max(now, events[-1].at)
    if at < received.at:
        raise Fault("--at 早于 --received；请写收到之后的时间。")
    reckoned = complaints_calendar.reckoning(no_bank=args.no_bank)
    readings = reckoned.clocks(pack).read(rule, events, at)
    told = {
        "pack": pack.code,
        "rule": rule,
        "version": pack.version,
        "source": pack.source,
        "received": time_of(received.at).isoformat(),
        "at": time_of(at).isoformat(),
        "clocks": [_told(reading, pack, rule) for reading in readings],
        "warnings": _general(pack, received.at),
        "reckoned_by": reckoned.told(),
        "compliance": "按公开文本设计，待贵行合规核验 / built from public copies, to be checked by the bank",
    }
    print(json.dumps(told, ensure_ascii=False, indent=2))
    return 0


def _replay(args: argparse.Namespace) -> int:
    new = _pack_of(args.rule_pack)
    at = _moment("--at", args.at) if args.at else int(moment(datetime.now(UTC)))
    reckoned = complaints_calendar.reckoning(no_bank=args.no_bank)
    code = args.against or new.code
    if args.against or reckoned.source != complaints_calendar.BANK:
        old, source = _named(code), complaints_calendar.PRODUCT if shipped(code) else "file"
    else:
        old, source = complaints_replay.of_bank(new.code, at), complaints_calendar.BANK
    cases = complaints_replay.read_cases(args.cases) if args.cases else complaints_replay.kept_cases(at)
    return complaints_replay.run(cases, (old, new), at, args.list, (reckoned, source))


def _named(code: str) -> Pack:
    """A pack that comes with the product, or one of a file."""
    found = shipped(code) or (_pack_of(Path(code)) if Path(code).is_file() else None)
    if found is None:
        raise Fault("没有规则包“%(code)s”；现有 %(codes)s。", code=code[:80], codes=_names(None))
    return found


def _told(reading: Reading, pack: Pack, rule: str) -> dict[str, object]:
    clock = reading.limit
    return {
        "clock": clock.code,
        "title": clock.title,
        "english": clock.english,
        "state": reading.state.value,
        "limit": reading.amount,
        "unit": clock.unit.value,
        "started": _iso(reading.started_at),
        "due": _iso(reading.due),
        "legal_latest": _iso(reading.legal_latest),
        "late": reading.state in LATE,
        "legally_late": reading.legally_late,
        "elapsed": _plain(reading.elapsed),
        "paused": _plain(reading.paused),
        "due_if_resumed": _iso(reading.due_if_resumed),
        "met": _iso(reading.met_at),
        "merged_from": reading.case or None,
        "clause": clock.clause,
        "version": pack.version,
        "trust": clock.trust.value,
        "unsure": clock.unsure or None,
        "warnings": [_warning(each) for each in (*reading.warned, *_of_clock(reading, pack, rule))],
    }


def _of_clock(reading: Reading, pack: Pack, rule: str) -> list[Warned]:
    found = []
    if reading.limit.trust is Trust.CHECK:
        found.append(Warned("条文未读到官方文本，请合规部门核对", "clause_to_check"))
    if not reading.official:
        found.append(Warned("期限跨入尚无放假通知的年份，只按周末推算", "calendar_not_official"))
    for extension in pack.extensions:
        if extension.new == rule and extension.needs and reading.amount != reading.limit.limits.get(extension.old):
            found.append(Warned("此期限须经审批并告知投诉人才成立，缺一则按原期限", "needs_extension"))
            break
    if reading.legal_latest != reading.due and pack.roll_trust is Trust.CHECK:
        message = "末日遇休息日，法定最迟日依%(clause)s顺延，请合规部门核对"
        found.append(Warned(message, "roll_to_check", {"clause": pack.roll_clause}))
    return found


def _general(pack: Pack, received: int) -> list[dict[str, str]]:
    if time_of(received).date() >= pack.effective_from:
        return []
    params = {"day": pack.effective_from.isoformat()}
    return [_warning(Warned("收到之日早于规则施行日 %(day)s", "before_the_rules", params))]


def _warning(warned: Warned) -> dict[str, str]:
    chinese, _, english = both(warned.message, warned.params).partition("\n")
    return {"code": warned.code, "text": chinese, "english": english}


def _events(path: Path | None, received: int) -> tuple[Event, ...]:
    if path is None:
        return ()
    try:
        found = json.loads(_text_of(path, LARGEST_EVENTS))
    except (ValueError, RecursionError):
        raise Fault("“%(file)s”不是合法的 JSON；应是事件的列表。", file=path.name) from None
    events = read_events(found)
    if any(event.kind == "received" for event in events):
        raise Fault("事件里不要再写 received：收到时间由 --received 给出。")
    if events and events[0].at < received:
        raise Fault("有事件（%(at)s）早于收到时间；请核对。", at=time_of(events[0].at).isoformat())
    return events


def _pack_of(path: Path) -> Pack:
    return read_pack(_text_of(path, LONGEST * 4))


def _text_of(path: Path, most: int) -> str:
    try:
        with path.open("rb") as file:
            found = file.read(most + 1)
        if len(found) > most:
            raise Fault("“%(file)s”超过 %(most)s 字节。", file=path.name, most=most)
        return found.decode("utf-8")
    except OSError as error:
        raise Fault("无法读取“%(file)s”：%(why)s。", file=path.name, why=error.strerror) from None
    except UnicodeDecodeError:
        raise Fault("“%(file)s”不是 UTF-8 编码；请另存为 UTF-8。", file=path.name) from None


def _moment(option: str, text: str) -> int:
    try:
        return moment(datetime.fromisoformat(text))
    except ValueError:
        raise Fault("%(option)s“%(text)s”不是 2000 至 2059 年间带时区的时间；请写成 2026-09-28T16:00+08:00。",
                    option=option, text=text[:80]) from None  # fmt: skip


def _names(pack: Pack | None) -> str:
    return "、".join([pack.code] if pack else shipped_codes())


def _list(pack: Pack) -> None:
    print(f"{pack.code} {pack.title} / {pack.english}, {pack.version}, {pack.source}")
    for rule in pack.rules:
        print(f"  {pack.code}/{rule.code}  {rule.title} / {rule.english}")
        for clock in pack.clocks:
            if rule.code in clock.limits:
                print(f"    {clock.code} {clock.limits[rule.code]} {clock.unit} [{clock.trust}]  {clock.clause}")
                if clock.unsure:
                    print(f"      ? {clock.unsure}")
    _extensions(pack)


def _extensions(pack: Pack) -> None:
    for each in pack.extensions:
        who = [f"{code} {level.title}" if (level := pack.approver(code)) else code for code in sorted(each.approvers)]
        needs = ", ".join(sorted(each.needs)) or "-"
        print(f"  {each.old} → {each.new}  {needs} ({', '.join(who)}) [{each.trust}]  {each.clause}")
        if each.unsure:
            print(f"    ? {each.unsure}")


def _check(text: str) -> None:
    """A pack of rules, or a definition of what is resolved at the first go."""
    if "against" in tables_of(text):
        _define(read_definition(text))
    else:
        _list(read_pack(text))


def _define(definition: Definition) -> None:
    print(f"  {definition.title} / {definition.english}, {definition.version}, {definition.source}")
    print(f"    window_days {definition.window_days}, same_matter {', '.join(sorted(definition.same_matter))}")
    for each in definition.against:
        print(f"    {each.sign} since {each.since} [{each.trust}]  {each.title} / {each.english}")


def _iso(found: date | datetime | None) -> str | None:
    return None if found is None else found.isoformat()


def _plain(amount: float) -> float | int:
    return int(amount) if amount == int(amount) else amount
