"""Made-up voices as rows of the lake, for its tests."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pyarrow as pa

from huixiang.domain.feedback import digest
from huixiang.lake.schema import VOICES

CHARACTERS = "手机银行转账登录打不开很好用贷款慢服务态度排队卡%_'\\😀 ok"
START = datetime(2026, 1, 3, tzinfo=UTC)


def row(number: int, dice: Random | None = None, **fields: Any) -> dict[str, Any]:
    dice = dice or Random(number)
    at = START + timedelta(minutes=dice.randrange(120 * 24 * 60))
    on = (at + timedelta(hours=8)).date()
    text = "".join(dice.choice(CHARACTERS) for _ in range(dice.randrange(1, 25)))
    negative = dice.random()
    return {
        "id": digest("test", str(number)),
        "version": 1,
        "content_hash": digest(text),
        "channel": dice.choice(["app_review", "website"]),
        "source_id": str(number),
        "said_at": at,
        "said_on": on,
        "said_precision": dice.choice(["time", "unknown"]),
        "month": f"{on:%Y-%m}",
        "received_at": at,
        "branch": dice.choice([None, "N11", "N12", "S11"]),
        "product": dice.choice(["", "手机银行"]),
        "product_version": dice.choice(["8.1", "8.2"]),
        "rating": dice.choice([None, 1.0, 3.0, 5.0]),
        "title": "",
        "text": text,
        "reply": "",
        "searchable": text,
        "attachments": [],
        "extra": "{}",
        "sentiment": dice.choice(["negative", "neutral", "positive"]),
        "negative": negative,
        "neutral": 0.0,
        "positive": 1 - negative,
        "understood_by": "rules-1",
        "words": [text[:2], text[2:4]],
        "phrases": [],
        "kind": dice.choice(["pain_point", "praise"]),
        "topics": dice.sample(["C.service", "C.pricing", "D.empathy.attitude"], dice.randrange(3)),
        "risks": ["fraud"] if dice.random() < 0.1 else [],
        "aspects": ["利率\tnegative"] if dice.random() < 0.3 else [],
        "findings": "{}",
        "bands": [dice.getrandbits(62) for _ in range(3)],
        "duplicate_of": digest("test", "0") if number and dice.random() < 0.2 else None,
        "import_id": "first",
        "import_row": number,
    } | fields


def table(rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(rows, schema=VOICES)


def some(count: int, start: int = 0) -> list[dict[str, Any]]:
    return [row(number) for number in range(start, start + count)]
