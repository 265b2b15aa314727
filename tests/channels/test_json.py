"""One broken record in a JSON file spoils no other; none can fill the memory or take the time of many."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from huixiang.channels import feeds, registry
from huixiang.channels.contract import RAW
from tests.channels.reading import read

MAPPING = 'format = "jsonl"\nchannel = "website"\n[columns]\nsource_id = "id"\ntext = "text"\n'
OK = '{"id":"ok","text":"好"}'


def kept(content: str | bytes, path: Path, mapping: str = MAPPING) -> tuple[list[str], list[tuple[int, str]]]:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    records, refused = read(path, "jsonl", mapping)
    return [record.source_id for record in records], [(number, str(fault)) for number, fault in refused]


@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ('{"id":"x","text":"x","r":NaN}', "有 NaN"),
        ('{"id":"x","text":}', "第 18 个字符起不是合法的 JSON"),
        ('{"id":"x","a":' + "[" * 90_000 + "]" * 90_000 + "}", "嵌套超过 100 层"),
        ('{"id":"x","a":' + '{"a":' * 50_000 + "1" + "}" * 50_000 + "}", "嵌套超过 100 层"),
        ('{"id":"x","text":"' + "长" * 1_100_000 + '"}', "超过 1048576 个字符"),
        ('{"id":"x","text":"\\ud800"}', "无法解码"),
        ('"只是一句话"', "不是 JSON 对象"),
        ("[" * 20_000 + "]" * 20_000, "嵌套超过 100 层"),
        ("[1]", "不是 JSON 对象"),
        ("}", "不是合法的 JSON"),
    ],
)
@pytest.mark.parametrize("form", ["[{},\n{},\n{}]", "{}\n{}\n{}\n"])
def test_a_broken_record_costs_itself_alone(broken: str, says: str, form: str, tmp_path: Path) -> None:
    good, [(number, reason)] = kept(form.format(OK, broken, OK), tmp_path / "a.json")
    assert good == ["ok", "ok"]
    assert number == 2
    assert says in reason


def test_a_comma_too_many_loses_nothing_and_a_cut_off_file_says_so(tmp_path: Path) -> None:
    assert kept(f"[{OK},,{OK},]", tmp_path / "a.json") == (["ok", "ok"], [])
    good, [(number, reason)] = kept(f'[{OK},{{"id":"x","te', tmp_path / "b.json")
    assert (good, number) == (["ok"], 2)
    assert "残缺" in reason


@pytest.mark.parametrize("told", [True, False])
def test_bytes_that_fit_no_encoding_are_seen_not_lost(told: bool, tmp_path: Path) -> None:
    lines = [f'{{"id":"{number}","text":"中国银行服务很好"}}'.encode("gbk") for number in range(5)]
    lines[3] = '{"id":"3","text":"'.encode("gbk") + b"\xff\xff" + '坏字"}'.encode("gbk")
    mapping = 'encoding = "gb18030"\n' + MAPPING if told else MAPPING
    good, [(number, reason)] = kept(b"[" + b",\n".join(lines) + b"]", tmp_path / "a.json", mapping)
    assert (good, number) == (["0", "1", "2", "4"], 4)
    assert "无法解码的字节" in reason
    short = '[{"id":"1","text":"中国银行服务很好"},{"id":"2","text":"'.encode("gbk") + b"\xff\xff" + '"}]'.encode("gbk")
    assert kept(short, tmp_path / "b.json", mapping)[0] == ["1"]  # a single line: no encoding reads it


def test_the_encoding_told_by_the_mapping_holds_for_a_list_too(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('[{"id":"1","text":"服務"}]'.encode("big5"))
    (record,), _ = read(path, "jsonl", 'encoding = "big5"\n' + MAPPING)
    assert record.text == "服務"


def test_json_in_utf16_is_known_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    for encoding in ("utf-16", "utf-16-le"):
        path.write_bytes('[{"id":"1","text":"中国银行服务很好"}]'.encode(encoding))
        guess = registry.guess(path)
        assert (guess.format, guess.columns) == ("jsonl", ("id", "text"))


def test_names_that_stand_twice_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id":"1","text":"好","text":"坏","a":{"b":1},"a.b":2,"a.b (2)":3}\n', "utf-8")
    (row,) = registry.find("jsonl", MAPPING).rows(path)
    assert dict(row.fields) == {
        "id": "1",
        "text": "好",
        "text (2)": "坏",
        "a.b": "1",
        "a.b (2)": "2",
        "a.b (2) (2)": "3",
    }


def test_an_endless_line_shows_its_beginning(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"id":"开头' + "长" * 3_000_000 + "\n" + OK + "\n", "utf-8")
    broken, good = registry.find("jsonl", MAPPING).rows(path)
    assert broken.fields[RAW].startswith('{"id":"开头')
    assert good.number == 2


def test_replies_are_found_however_far_behind_they_stand(tmp_path: Path) -> None:
    def review(number: int) -> dict[str, Any]:
        told = {"rating": 5, "title": "好", "body": "很方便" + "。" * 6_000, "createdDate": "2026-11-20T09:30:00-07:00"}
        return {"id": f"c{number}", "attributes": told, "relationships": {"response": {"data": {"id": f"r{number}"}}}}

    count = 1_000
    replies = [{"id": f"r{number}", "attributes": {"responseBody": f"谢谢{number}"}} for number in range(count)]
    path = tmp_path / "a.json"
    path.write_text(
        json.dumps({"data": [review(n) for n in range(count)], "included": replies}, ensure_ascii=False), "utf-8"
    )
    assert path.stat().st_size > 17 << 20
    records, refused = read(path, "apple-reviews", "")
    assert not refused
    assert [record.reply for record in records] == [f"谢谢{number}" for number in range(count)]


@pytest.mark.parametrize("chunk", [1, 2, 7, 1 << 16])
def test_it_does_not_matter_where_a_piece_of_the_file_ends(chunk: int, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(feeds, "_CHUNK", chunk)
    items = [{"id": f"{n}", "text": '引"号\\ {[ ]} \n', "n": [n, -1.5e3, True, None], "o": {"p": {}}} for n in range(9)]
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"x": {"[": "]"}, "y": [1, "2"], "z": {"rows": items}}, indent=1), "utf-8")
    found = [row for _number, row in feeds.objects(path, frozenset({"z.rows.item"}))]
    assert [row[1]["id"] for row in found if isinstance(row, tuple)] == [each["id"] for each in items]
    assert {row[1]["text"] for row in found if isinstance(row, tuple)} == {items[0]["text"]}
