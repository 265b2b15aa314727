"""A bank with labelled voices and small models, as tests of apps.annotation tell it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

import pyarrow as pa

from huixiang.apps.access.sentences import Sentence
from huixiang.apps.annotation import actions, cards, evaluating
from huixiang.apps.annotation.models import ModelVersion
from huixiang.domain.understanding.learned.classifier import Classifier
from huixiang.lake.questions import Voice
from huixiang.lake.store import Lake
from tests.apps.arrivals import spoken
from tests.browser import voices as made

CROSS = ["排队太久没人管", "柜员态度恶劣", "手机银行又闪退", "乱收费还不认账", "电话一直打不通"]
GLAD = ["柜员耐心周到", "环境整洁有序", "新版快多了好用", "大堂经理热情", "一会儿就办好了"]
TRUTH = {"负": "negative", "正": "positive"}


def sayings(count: int = 60) -> list[tuple[str, str]]:
    """Texts with their true feeling, all different."""
    every = [(text, "negative") for text in CROSS] + [(text, "positive") for text in GLAD]
    return [
        (f"{every[n % 10][0]}，{every[(n * 3) % 10 // 5 * 5 + n % 5][0][:2]}{n}次", every[n % 10][1])
        for n in range(count)
    ]


@cache
def understood(count: int) -> pa.Table:
    """These sayings as the lake keeps them, one unit after the other, all in June 2026: read once for all tests."""
    records = [
        made.record(n, text, date(2026, 6, 1 + n % 28), branch=("N11", "N12", "S11")[n % 3])
        for n, (text, _) in enumerate(sayings(count))
    ]
    return made.table(records)


def voices(lake: Lake, count: int = 60) -> list[Voice]:
    made.pour(lake, understood(count))
    return spoken(lake)


def truth(of: list[Voice]) -> dict[str, str]:
    """Voice id → its true feeling."""
    return {voice.id: "negative" if any(text in voice.text for text in CROSS) else "positive" for voice in of}


def model(*, upside_down: bool = False, task: str = "sentiment") -> Classifier:
    """A good model of feelings, or one that takes each for its opposite."""
    from huixiang.domain.understanding.learned import training  # heavy: only for who trains

    turned = {"negative": "positive", "positive": "negative"}
    said = sayings(40)
    labels = [turned[label] if upside_down else label for _, label in said]
    if task == "kind":
        labels = [{"negative": "pain_point", "positive": "praise"}[label] for label in labels]
    words = evaluating.segmentation()
    texts = [text for text, _ in said]
    return training.train(texts, [words.tokens(text) for text in texts], labels, task=task, aim="accuracy")


def registered(of: Classifier, by: Any, name: str = "trial") -> ModelVersion:
    card = cards.card(of, source=Sentence("四十句自拟的话", {}), labels=list(of.labels) * 20)
    return actions.register(of, card, name=name, by=by)


def locked(labels: Mapping[str, str], by: Any, task: str = "sentiment") -> Any:
    return actions.lock_set(task, labels, Sentence("两人一致", {}), by=by)
