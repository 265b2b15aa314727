"""Which made-up feedback do the benchmarks bring in? Any number of rows, the same for the same seed, of two years.

Sentences are put together from parts, so that most texts differ; one in twelve repeats an earlier one with small
changes, one in fifteen holds personal data. No sentence is taken from a real customer.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

HEADER = ["id", "at", "product", "version", "customer", "rating", "text"]
START = datetime(2024, 6, 1, 8, tzinfo=UTC)
MINUTES = 2 * 365 * 24 * 60
OPENINGS = [
    "昨天",
    "今天上午",
    "上周三",
    "月底",
    "更新之后",
    "换了新手机以后",
    "第一次用",
    "用了三年了",
    "带老人来",
    "下班赶过去",
    "周末",
    "出差在外地",
]
THINGS = [
    "手机银行转账",
    "刷脸登录",
    "信用卡还款",
    "理财赎回",
    "贷款进度查询",
    "短信验证码",
    "柜台取现",
    "网点叫号",
    "大额预约",
    "账单明细导出",
    "积分兑换",
    "跨行汇款",
    "开立存款证明",
    "挂失补卡",
    "外币兑换",
    "代发工资到账",
    "电子回单",
    "限额调整",
    "人工客服",
    "自助机存款",
]
BLAME = [
    "一直转圈打不开",
    "等了{n}分钟也没人管",
    "提示系统繁忙，试了{n}次",
    "闪退了{n}回",
    "流程太繁琐，要填{n}张表",
    "收费{n}元不知道为什么",
    "说法前后不一，跑了{n}趟",
    "到现在{n}天了还没到账",
    "排在第{n}号，只开一个窗口",
]
PRAISE = [
    "{n}秒就办好了，很快",
    "工作人员很耐心，讲了{n}遍也不烦",
    "比以前方便多了",
    "界面清楚，老人也会用",
    "到账及时，{n}分钟内",
    "态度热情，主动引导",
    "排队{n}分钟就到我了",
]
PLAIN = ["想问一下怎么办理", "不知道额度是不是{n}万", "希望增加{n}个网点", "能不能改成每月{n}号", "建议加一个提醒功能"]
ENDINGS = [
    "，希望尽快改进。",
    "，谢谢。",
    "！",
    "，请回复。",
    "，体验一般。",
    "，已经第{n}次了。",
    "，点赞！",
    "。",
    "，真的很失望。",
    "，推荐大家试试。",
]
PERSONAL = [
    "请致电1{p:010d}联系我",
    "我的卡号尾号{n}，手机1{p:010d}",
    "我叫王建国，请王经理回电",
    "邮箱user{n}@mail.example.cn",
]


def rows(count: int, seed: int = 7) -> Iterator[list[str]]:
    """`count` rows under HEADER, spread evenly over two years in order of time, as an export has them."""
    dice, earlier = Random(seed), [""] * 2_000
    for number in range(count):
        if number > 2_000 and dice.random() < 1 / 12:
            text = dice.choice(earlier) + dice.choice(["", "！", "。。", "，顶", " "])
            rating = dice.randrange(1, 6)
        else:
            text, rating = _said(dice)
            earlier[number % 2_000] = text
        at = START + timedelta(minutes=MINUTES * number // count)
        version = f"8.{number * 9 // count}.{dice.randrange(3)}"
        customer = f"C{dice.randrange(count // 3 + 1):07d}"
        yield [f"V{number:08d}", f"{at:%Y-%m-%d %H:%M:%S}", "手机银行", version, customer, str(rating), text]


def _said(dice: Random) -> tuple[str, int]:
    feeling = dice.random()
    pieces, rating = (BLAME, (1, 2)) if feeling < 0.45 else (PRAISE, (4, 5)) if feeling < 0.85 else (PLAIN, (3, 4))
    numbers = {"n": dice.randrange(2, 90), "p": dice.randrange(3_000_000_000, 9_999_999_999)}
    parts = [dice.choice(OPENINGS), dice.choice(THINGS), dice.choice(pieces)]
    for _ in range(dice.randrange(0, 3)):
        parts += ["，", dice.choice(THINGS), dice.choice(pieces)]
    if dice.random() < 1 / 15:
        parts += ["，", dice.choice(PERSONAL)]
    parts.append(dice.choice(ENDINGS))
    return "".join(parts).format(**numbers), dice.choice(rating)


def write_csv(path: Path, count: int, seed: int = 7) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(HEADER)
        table.writerows(rows(count, seed))
