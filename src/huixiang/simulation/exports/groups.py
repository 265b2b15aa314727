"""What was said in focus groups? A transcript a quarter, in one region after another, as a clerk types it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from huixiang.domain.calendar import mainland
from huixiang.simulation.bank import Bank
from huixiang.simulation.events.voices import Said
from huixiang.simulation.speech import Speaker

FOLDER = "groups"
SUBJECTS = (
    ("手机银行好不好用", (("app.login", "negative"), ("app.design", "neutral"), ("app.transfer", "positive"))),
    (
        "网点排队与服务",
        (("branch.waiting", "negative"), ("branch.attitude", "positive"), ("branch.facilities", "neutral")),
    ),
    (
        "老年客户的难处",
        (("elderly.app", "negative"), ("elderly.service", "positive"), ("branch.queue_machine", "negative")),
    ),
    ("收费是否透明", (("fees.transparency", "negative"), ("fees.sms", "negative"), ("deposit.rate", "neutral"))),
)
PEOPLE, BEGINS = 6, 14 * 3600
MONTHS_BETWEEN = 3


def write(folder: Path, bank: Bank, speaker: Speaker) -> list[tuple[str, str, Said]]:
    """`groups/焦点小组-2026-03.txt` and so on; returns what participants said, numbered by file and turn."""
    place, told = folder / FOLDER, []
    place.mkdir(parents=True, exist_ok=True)
    scenario, number = bank.scenario, 0
    regions = [unit.name for unit in bank.network.units if unit.level == "分行"]
    for month, (name, days) in enumerate(scenario.by_month()):
        if month % MONTHS_BETWEEN != MONTHS_BETWEEN - 1:
            continue
        workdays = [day for day in days if mainland().is_workday(day)]
        if not workdays:
            continue
        subject, about = SUBJECTS[number % len(SUBJECTS)]
        dice, day, region = bank.dice.of("groups", name), workdays[len(workdays) // 2], regions[number % len(regions)]
        number += 1
        turns = speaker.discussion(dice, list(about), people=PEOPLE)
        lines = [f"焦点小组记录　主题：{subject}　日期：{day:%Y-%m-%d}　{region}", ""]
        for turn, (who, utterance) in enumerate(turns, 1):
            lines.append(f"{who}：{utterance.text}")
            if who.startswith("参与者"):
                at = (day - scenario.first_day) // timedelta(days=1), BEGINS + turn * 40
                told.append((FOLDER, f"焦点小组-{name}#{turn}", Said("focus_group", *at, -1, -1, utterance)))
        (place / f"焦点小组-{name}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    return told
