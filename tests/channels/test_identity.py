"""Whose number 1 is it? Two sources in one channel may number alike; the same source's voices stay the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from huixiang.channels import registry
from huixiang.channels.mapped import runs
from huixiang.domain.feedback import Channel
from tests.channels.reading import DEFAULTS, read, table

KEY = b"a bank's own"
NUMBERED = 'format = "csv"\nchannel = "{channel}"\nseries = "{series}"\n[columns]\nsource_id = "编号"\ntext = "内容"\n'


def ids(path: Path, *rows: list[str], channel: str = "survey", series: str = "", branch: str = "") -> list[str]:
    table(path, rows, header=["编号", "内容"])
    mapping = NUMBERED.format(channel=channel, series=series)
    records, refused = read(path, mapping=mapping, defaults=replace(DEFAULTS, branch=branch or None))
    assert not refused
    return [record.voice_id(KEY) for record in records]


def test_equal_numbers_of_two_series_are_two_voices_and_of_one_series_one(tmp_path: Path) -> None:
    north = ids(tmp_path / "a.csv", ["1", "空调坏了"], series="A")
    south = ids(tmp_path / "b.csv", ["1", "完全另一条"], series="B")
    again = ids(tmp_path / "c.csv", ["1", "空调坏了"], ["2", "又一条"], series="A")
    assert north != south
    assert north == again[:1]


def test_each_outlets_suggestion_box_counts_for_itself(tmp_path: Path) -> None:
    box = Channel.SUGGESTION_BOX
    north = ids(tmp_path / "a.csv", ["1", "空调坏了"], channel=box, branch="N11")
    assert north != ids(tmp_path / "b.csv", ["1", "很好"], channel=box, branch="N12")
    assert north == ids(tmp_path / "c.csv", ["1", "空调修好了"], channel=box, branch="N11")


def test_app_stores_number_each_for_itself(tmp_path: Path) -> None:
    header = ["应用市场", "评论ID", "评论内容", "评分", "版本号"]
    rows = [["华为", "1", "闪退", "1", "8.2"], ["小米", "1", "很好", "5", "8.2"]]
    (huawei, xiaomi), _ = read(table(tmp_path / "a.csv", rows, header=header), "android-reviews", "")
    (again,), _ = read(table(tmp_path / "b.csv", rows[:1], header=header), "android-reviews", "")
    assert huawei.voice_id(KEY) == again.voice_id(KEY) != xiaomi.voice_id(KEY)
    assert huawei.extra["应用市场"] == "华为"
    apple = tmp_path / "a.json"
    apple.write_text('{"data": [{"id": "1", "attributes": {"rating": 1, "body": "闪退"}}]}', "utf-8")
    (review,), _ = read(apple, "apple-reviews", "")
    assert review.voice_id(KEY) not in {huawei.voice_id(KEY), xiaomi.voice_id(KEY)}


@pytest.mark.parametrize(
    ("number", "series", "warned"), [("1", "", True), ("1", "A", False), ("GD20261124001", "", False)]
)
def test_small_running_numbers_without_a_series_are_told(
    number: str, series: str, warned: bool, tmp_path: Path
) -> None:
    form = registry.find("csv", NUMBERED.format(channel="survey", series=series))
    rows = list(form.rows(table(tmp_path / "a.csv", [[number, "好"]], header=["编号", "内容"])))
    assert runs(rows, form.mapping) == warned  # type: ignore[attr-defined]
