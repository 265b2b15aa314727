"""Which real reviews are labelled for kind and risk? Drawn by a fixed seed, so that anyone draws the same.

    python -m benchmarks.kinds_sample [--shared ../shared/data]            writes tests/gold/kinds/rows.csv
    python -m benchmarks.kinds_sample --show reader_2                      prints the texts a reader has yet to label

Strata: plain draws from each file, and draws among the texts with a stem of a rare kind or risk. A stem is broad on
purpose and no pattern of the rule books: the draw must also find what the rules miss. Texts over 300 characters stay
out.
"""

from __future__ import annotations

import argparse
import csv
import random
import re
from pathlib import Path

GOLD = Path(__file__).parents[1] / "tests/gold/kinds"
SHARED = Path(__file__).parents[1] / "../shared/data"
FILES = ("icbc_app_reviews", "fin_complaints", "bdci2021_bank")
SEED = 20261127
LONGEST = 300
PLAIN = {"icbc_app_reviews": 90, "fin_complaints": 45, "bdci2021_bank": 60}
# file → stem → how many
RARE_KINDS = {
    "icbc_app_reviews": {"希望|建议|能不能|最好|应该": 26, "请问|怎么|如何|[吗么]": 14, "解决|处理|修复|退|赶紧": 14},
    "bdci2021_bank": {"[?？吗]": 16, "好|棒|满意|方便": 10, "希望|建议|能不能": 6},
}
RISKS = {
    "self_harm": "死|跳楼|抑郁|活不|绝望|绝路",
    "violence": "杀|砸|拼了|弄死|炸|报复",
    "bank_run": "倒闭|破产|挤兑|取不出|跑路|暴雷",
    "fraud": "骗|盗|诈",
    "group": "维权|集体|大家一起|受害|联名",
    "regulator": "银监|银保监|监管|人行|人民银行|央行|举报|信访",
    "press": "曝光|媒体|记者|微博|315|网上发",
    "lawsuit": "法律|起诉|法院|律师|告你|报警",
    "data_leak": "泄露|泄漏|隐私|通讯录|个人信息",
    "discrimination": "歧视|看不起|瞧不起|欺负|区别对待",
    "vulnerable": "老人|老年|残疾|岁|奶奶|爷爷|住院|父母",
}
EACH_RISK = 8
# A first draw held too few of these to measure anything: a second one, by narrower stems, beside it.
MORE = {
    "希望.{0,4}[增加能有多]|建议|增加.{0,6}功能|最好能|期待": 30,
    "自杀|轻生|跳楼|抑郁|不想活|活不下去|想死|死的心": 10,
    "维权群|集体|联名|一起投诉|受害者|一起维权": 8,
    "要倒闭|破产|挤兑|取不出|没钱了|提现": 8,
    "老人|七十|八十|残疾|孕妇": 6,
    "砸了|弄死|杀人|同归|拼命": 4,
    "曝光|媒体|记者": 6,
    "歧视|看不起|瞧不起|区别对待": 5,
}


def texts(shared: Path, name: str) -> list[str]:
    """The texts of a file in order; the n-th row of data is number n, counted from 1."""
    with (shared / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [row["text"] for row in csv.DictReader(stream)]


def drawn(shared: Path) -> list[tuple[str, int, str]]:
    """File, row and half of every text to be labelled: every second one of a stratum is for development."""
    dice = random.Random(SEED)
    rows = {name: texts(shared, name) for name in FILES}
    taken: dict[tuple[str, int], str] = {}

    def take(pool: list[tuple[str, int]], count: int) -> None:
        fresh = [each for each in pool if each not in taken and 0 < len(rows[each[0]][each[1] - 1].strip()) <= LONGEST]
        for place, each in enumerate(dice.sample(fresh, min(count, len(fresh)))):
            taken[each] = ("development", "report")[place % 2]

    for name, count in PLAIN.items():
        take([(name, number) for number in range(1, len(rows[name]) + 1)], count)
    for name, stems in RARE_KINDS.items():
        for stem, count in stems.items():
            take([(name, number) for number, text in enumerate(rows[name], 1) if re.search(stem, text)], count)
    for stem in RISKS.values():
        take([(name, n) for name in FILES for n, text in enumerate(rows[name], 1) if re.search(stem, text)], EACH_RISK)
    for stem, count in MORE.items():
        take([(name, n) for name in FILES for n, text in enumerate(rows[name], 1) if re.search(stem, text)], count)
    return sorted((*each, half) for each, half in taken.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, default=SHARED)
    parser.add_argument("--show", metavar="READER", help="reader_1 or reader_2")
    args = parser.parse_args()
    if args.show:
        done = set()
        if (path := GOLD / f"{args.show}.csv").exists():
            with path.open(encoding="utf-8") as stream:
                done = {(row["file"], row["row"]) for row in csv.DictReader(stream) if row["kind"]}
        rows = {name: texts(args.shared, name) for name in FILES}
        with (GOLD / "rows.csv").open(encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                if (row["file"], row["row"]) not in done:
                    print(row["file"], row["row"], " ".join(rows[row["file"]][int(row["row"]) - 1].split()), sep="\t")
        return
    GOLD.mkdir(parents=True, exist_ok=True)
    with (GOLD / "rows.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["file", "row", "half"])
        writer.writerows(drawn(args.shared))


if __name__ == "__main__":
    main()
