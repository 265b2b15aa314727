"""Do app stores' reviews come in as the stores give them, and is a mapping's mistake named?"""

from __future__ import annotations

import json
import os
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from huixiang.channels import registry
from huixiang.channels.contract import Fault
from huixiang.domain.feedback import Channel
from tests.channels.reading import DEFAULTS, HEADER, MAPPING, read, row, table

SHARED = Path(os.environ.get("HUIXIANG_SHARED", Path(__file__).resolve().parents[3] / "shared/data"))


def entry(number: int, **fields: Any) -> dict[str, Any]:
    return {
        "author": {"name": {"label": "某用户"}, "uri": {"label": "https://example.com"}},
        "updated": {"label": "2026-11-20T09:30:00-07:00"},
        "im:rating": {"label": "1"},
        "im:version": {"label": "8.2.0"},
        "id": {"label": str(number)},
        "title": {"label": "打不开"},
        "content": {"label": "更新以后一直闪退", "attributes": {"type": "text"}},
    } | fields


def written(path: Path, document: object) -> Path:
    path.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    return path


def test_apples_feed_gives_reviews_and_passes_over_the_app_itself(tmp_path: Path) -> None:
    app = {"im:name": {"label": "手机银行"}, "id": {"label": "1"}, "title": {"label": "手机银行"}}
    records, refused = read(
        written(tmp_path / "a.json", {"feed": {"entry": [app, entry(7), entry(8)]}}), "apple-reviews", ""
    )
    assert not refused
    assert [record.source_id for record in records] == ["7", "8"]
    first = records[0]
    assert (first.rating, first.product_version, first.title) == (1.0, "8.2.0", "打不开")
    assert first.customer == "https://example.com", "the customer's number; many share a nickname"
    assert "某用户" not in str(first.extra)


def test_a_feed_with_a_single_review_is_a_feed_too(tmp_path: Path) -> None:
    records, _ = read(written(tmp_path / "a.json", {"feed": {"entry": entry(7)}}), "apple-reviews", "")
    assert len(records) == 1


def test_app_store_connect_is_read_as_well(tmp_path: Path) -> None:
    review = {
        "type": "customerReviews",
        "id": "c1",
        "attributes": {"rating": 5, "title": "好", "body": "很方便", "reviewerNickname": "某人",
                       "createdDate": "2026-11-20T09:30:00-07:00", "territory": "CHN"},
    }  # fmt: skip
    (record,), refused = read(written(tmp_path / "a.json", {"data": [review]}), "apple-reviews", "")
    assert not refused
    assert (record.source_id, record.text, record.customer) == ("c1", "很方便", None)


@pytest.mark.parametrize(
    "header",
    [
        ["评论ID", "用户昵称", "评分", "评论内容", "评论时间", "版本号"],
        ["commentId", "nickName", "stars", "commentContent", "createTime", "versionName"],
        ["Package Name", "Device", "Star Rating", "Review Text", "Review Submit Date and Time", "App Version Name"],
    ],
)
def test_android_stores_are_known_by_their_columns(header: list[str], tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [["A1", "机友", "2", "闪退", "2026-11-20 09:30", "8.2"]], "gb18030", header)
    assert registry.guess(path).format == "android-reviews"
    (record,), refused = read(path, "android-reviews", "")
    assert not refused
    assert (record.text, record.rating, record.product_version) == ("闪退", 2.0, "8.2")
    assert "机友" not in str(record.extra)


def test_lines_of_json_come_in_and_broken_ones_wait(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": 1, "words": "很好"}\n{broken\n[1]\n{"id": 2, "words": "太慢"}\n', "utf-8")
    mapping = 'format = "jsonl"\nchannel = "survey"\n[columns]\nsource_id = "id"\ntext = "words"\n'
    records, refused = read(path, "jsonl", mapping)
    assert [record.source_id for record in records] == ["1", "2"]
    assert [number for number, _ in refused] == [2, 3]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ("format = csv", "第 1 行不是合法的 TOML"),
        ('format = "csv"\nchannle = "website"\n[columns]\ntext = "a"', "channle"),
        ('format = "csv"\nchannel = "website"\n[columns]\nsource_id = "a"', "正文"),
        ('format = "csv"\nchannel = "pigeon"\n[columns]\ntext = "a"', "pigeon"),
    ],
)
def test_a_mapping_with_a_mistake_is_refused_by_line_or_key(broken: str, says: str) -> None:
    with pytest.raises(Fault, match=says):
        registry.find("csv", broken)


def test_a_guess_is_a_mapping_that_reads_the_file(tmp_path: Path) -> None:
    path = table(tmp_path / "a.csv", [row(number) for number in range(10)], "gb18030")
    guess = registry.guess(path)
    assert (guess.format, guess.encoding, list(guess.columns)) == ("csv", "gb18030", HEADER)
    chosen = replace(DEFAULTS, channel=Channel.WEBSITE)  # no file says by itself which channel it came from
    records, refused = read(path, guess.format, guess.mapping, chosen)
    assert (len(records), refused) == (10, [])
    assert (records[0].branch, records[0].text) == ("N11", "排队太久")


@pytest.mark.parametrize(
    ("times", "read_as"), [(["2026-11-20", "昨天", "前天", "上周"], "时间"), (["12", "5", "30"], None)]
)
def test_a_column_called_time_is_kept_as_soon_as_one_date_stands_in_it(
    times: list[str], read_as: str | None, tmp_path: Path
) -> None:
    """Minutes are no date; but mere bad dates must become faults and not undated voices."""
    found = registry.guess(table(tmp_path / "a.csv", [row(n, 时间=time) for n, time in enumerate(times)]))
    assert tomllib.loads(found.mapping)["columns"].get("said_at") == read_as


@pytest.mark.parametrize("start", [b"%PDF-1.7\n1 0 obj\n", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256))])
def test_a_picture_or_a_pdf_is_no_table(start: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(start)
    with pytest.raises(Fault, match="不是文字表格"):
        registry.guess(path)


def test_a_mended_row_becomes_the_record_that_it_would_have_been(tmp_path: Path) -> None:
    form = registry.find("csv", MAPPING)
    good = next(iter(form.rows(table(tmp_path / "a.csv", [row(5)]))))
    bad = next(iter(form.rows(table(tmp_path / "b.csv", [row(5, 时间="昨天")]))))
    mended = type(bad)(bad.number, dict(bad.fields) | {"时间": "2026-11-20 09:30"})  # type: ignore[call-arg]
    assert form.record(mended, DEFAULTS) == form.record(good, DEFAULTS)  # type: ignore[arg-type]


def test_all_real_reviews_come_in_twice_the_same() -> None:
    path = SHARED / "icbc_app_reviews.csv"
    if not path.exists():
        pytest.skip("the real reviews are not on this machine")
    first, refused = read(path, "app-reviews-source-text", "")
    assert (len(first), refused) == (33_787, [])
    ids = [record.source_id for record in first]
    assert len(set(ids)) == 33_787
    again, _ = read(path, "app-reviews-source-text", "")
    assert ids == [record.source_id for record in again]


def test_the_guides_example_is_a_mapping() -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs/guide/import.md").read_text("utf-8")
    example = guide.partition("```toml\n")[2].partition("```")[0]
    assert registry.find("csv", example)
