"""The hotline's files: transcripts in four forms, the exchange's log, its records; and what can be wrong with them."""

from __future__ import annotations

import gzip
import html
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import webvtt

from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Fault, Refused, Row
from huixiang.channels.hotline import long_files, transcripts
from huixiang.domain.feedback import Record, Side
from huixiang.domain.hotline import Outcome, Stay, Transfer

CALL = "1767240123.45"
VTT = f"""WEBVTT

NOTE 通话 {CALL} 2026-01-01 12:02:03

1
00:00:00.000 --> 00:00:02.500
<v 坐席 100123>您好，请问&amp;有什么可以帮您？</v>

2
00:00:03.000 --> 00:00:06.000
<v 客户>我的卡丢了，<i>急</i>。</v>
"""
SRT = """1
00:00:00,000 --> 00:00:02,500
- 客服01：您好
- 客户：排队太久

2
00:00:03,000 --> 00:00:04,000
客服01：抱歉
"""


def read(path: Path, name: str, settings: str = "") -> tuple[list[Any], list[str]]:
    form = registry.find(name, settings)
    found: list[Any] = []
    faults: list[str] = []
    for row in form.rows(path):
        try:
            if isinstance(row, Refused):
                raise row.fault
            found.append(form.record(row, Defaults()))
        except Fault as fault:
            faults.append(str(fault))
    return found, faults


def told(record: Record) -> list[tuple[Side, str]]:
    return [(turn.side, turn.text) for turn in record.turns]


def test_a_call_is_one_voice_of_the_customers_words_whatever_the_form(tmp_path: Path) -> None:
    (tmp_path / f"{CALL}.vtt").write_text(VTT)
    (tmp_path / "b.srt").write_text(SRT, encoding="gbk")
    turns = [{"role": "agent", "content": "您好", "start_ms": 0}, {"role": "客户", "content": "太慢", "start_ms": 1500}]
    (tmp_path / "c.json").write_text(json.dumps({"call_id": "77", "started_at": "2026-02-03 09:00", "segments": turns}))
    (tmp_path / "d.csv").write_text("通话编号,说话人,开始,内容\n9,坐席,0:00,您好\n9,客户,0:02,要投诉\n10,客户,0,快点\n")
    voices, faults = read(tmp_path, "transcripts")
    assert not faults
    first, by_srt, by_json, *by_table = voices
    assert (first.source_id, first.text) == (CALL, "我的卡丢了，急。")
    assert first.said_at == datetime(2026, 1, 1, 4, 2, 3, tzinfo=UTC)
    assert first.turns[0].staff == "100123"
    assert told(first)[0] == (Side.AGENT, "您好，请问&有什么可以帮您？")
    assert told(by_srt) == [(Side.AGENT, "您好"), (Side.CUSTOMER, "排队太久"), (Side.AGENT, "抱歉")]
    assert (by_json.source_id, by_json.turns[1].start) == ("77", 1.5)
    assert [(voice.source_id, voice.text) for voice in by_table] == [("9", "要投诉"), ("10", "快点")]
    # A reader of another house finds the same cues.
    others = [(cue.voice, html.unescape(cue.text)) for cue in webvtt.read(str(tmp_path / f"{CALL}.vtt"))]
    assert others == [("坐席 100123", "您好，请问&有什么可以帮您？"), ("客户", first.text)]
    packed = tmp_path / "all.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for place in sorted(tmp_path.glob("*.[!z]*")):
            archive.write(place, place.name)
    assert read(packed, "transcripts") == (voices, [])
    assert registry.guess(packed).format == registry.guess(tmp_path / "b.srt").format == "transcripts"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("a.vtt", VTT.replace("00:00:03.000 -->", "3 Uhr -->"), "a.vtt:10：时间行“3 Uhr --> 00:00:06.000”读不懂"),
        ("a.vtt", VTT.replace("<v 客户>", "<v 张三>"), "a.vtt:10：说话人“张三”不在名称表里"),
        ("a.vtt", VTT.replace("<v 客户>", ""), "a.vtt:10：没有说话人，分不出是坐席还是客户；请补上"),
        (
            "a.vtt",
            VTT.replace("<v 客户>", "客服小李："),
            "a.vtt:10：没有说话人，分不出是坐席还是客户；“客服小李”若是说话人",
        ),
        ("a.vtt", VTT.replace("卡丢了", "\n\n卡丢了"), "a.vtt:13：这一段没有时间行"),
        ("a.vtt", VTT.replace("00:00:06.000", "00:00:01.000"), "a.vtt:10：结束时间 1.0 早于开始时间 3.0"),
        ("a.json", '[{"speaker": "客户", "text": "慢", "start": 90000000}]', 'times = "ms"'),
        ("a.json", '[{"speaker": "客户", "text": "慢"}', "a.json:1：不是合法的 JSON"),
        ("a.csv", '说话人,内容\n客户,"慢\n', "a.csv:2：引号不成对"),
        ("a.vtt", VTT.replace("客户", "坐席"), "a.vtt：没有客户说的话"),
    ],
)
def test_a_bad_cue_keeps_its_call_aside_with_file_line_and_remedy(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    """The whole call: half a complaint must not count as one. Mended, it comes in whole."""
    path = tmp_path / name
    path.write_text(text)
    found, (fault,) = read(path, "transcripts")
    assert not found
    assert said in fault
    form = registry.find("transcripts")
    (row,) = form.rows(path)
    assert form.record(Row(1, {**row.fields, "转写": VTT}), Defaults()).text == "我的卡丢了，急。"


def test_a_file_too_long_to_be_held_gives_the_same_calls_one_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [{"speaker": "客户", "text": f"慢{number}，“{number}”\u2028急"} for number in range(40)]
    calls = [{"call_id": str(number), "turns": [each]} for number, each in enumerate(said)]
    lines = [json.dumps(call, ensure_ascii=False) for call in calls]
    (tmp_path / "list.json").write_text("\ufeff" + json.dumps(calls, ensure_ascii=False, indent=1))
    (tmp_path / "lines.jsonl").write_text("\r\n".join([*lines[:20], "", *lines[20:]]), encoding="gb18030")
    rows = [f'{number},客户,"慢{number}，“{number}”\n急"' for number in range(40)]
    (tmp_path / "table.csv").write_text("\n".join(["通话编号,说话人,内容", *rows]), encoding="utf-16")
    names = ("list.json", "lines.jsonl", "table.csv")
    held = [read(tmp_path / name, "transcripts") for name in names]
    assert [(len(voices), faults) for voices, faults in held] == [(40, [])] * 3
    monkeypatch.setattr(transcripts, "HELD", 1_000)
    monkeypatch.setattr(long_files, "PIECE", 37)
    assert [read(tmp_path / name, "transcripts") for name in names] == held
    # What is broken costs no more than it must, and is told.
    monkeypatch.setattr(long_files, "LONGEST_ENTRY", 300)
    monster = json.dumps({"call_id": "m", "turns": [{"speaker": "客户", "text": "很" * 900}]}, ensure_ascii=False)
    (tmp_path / "lines.jsonl").write_text("\n".join([lines[0], "{", monster, *lines[1:]]))
    voices, faults = read(tmp_path / "lines.jsonl", "transcripts")
    assert (len(voices), len(faults)) == (40, 2)
    assert "超过 300 字" in faults[1]
    (tmp_path / "list.json").write_text(json.dumps(calls)[:-400])
    voices, faults = read(tmp_path / "list.json", "transcripts")
    assert len(voices) == int(faults[0].partition("#")[2].partition("：")[0]) - 1 > 30
    (tmp_path / "one.vtt").write_text(VTT * 9)
    assert "一通电话没有这么长" in read(tmp_path / "one.vtt", "transcripts")[1][0]


def test_who_speaks_is_what_the_bank_says_and_never_guessed(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('[{"spk": 0, "onebest": "您好"}, {"spk": 1, "onebest": "卡丢了"}]')
    assert "说话人“0”不在名称表里" in read(path, "transcripts")[1][0]
    (voice,), _ = read(path, "transcripts", '[speakers]\nagent = ["0"]\ncustomer = ["1"]')
    assert voice.text == "卡丢了"
    path.write_text('[{"text": "您好"}, {"text": "卡丢了"}]')
    assert "without_speaker" in read(path, "transcripts")[1][0]
    (voice,), _ = read(path, "transcripts", 'without_speaker = "agent_first"')
    assert told(voice) == [(Side.AGENT, "您好"), (Side.CUSTOMER, "卡丢了")]
    # As speech recognition writes it: who speaks is numbered, or not told. In a table all were hers.
    for label in ({"speaker": "SPEAKER_01"}, {}):
        whisper = {
            "text": "您好 卡丢了",
            "language": "zh",
            "segments": [{"start": 0.0, "end": 2.5, "text": "您好"} | label],
        }
        path.write_text(json.dumps(whisper))
        assert registry.guess(path).format == "transcripts"
        long = whisper | {"text": "您好" * 20_000, "segments": whisper["segments"] * 30_000}  # of an hour and more
        path.write_text(json.dumps(long, ensure_ascii=False))
        assert registry.guess(path).format == "transcripts"
        assert not read(path, "transcripts")[0]
    for settings in ('[speakers]\nagent = ["甲"]\ncustomer = ["甲"]', 'without_speaker = "guess"', "times = 5", "x"):
        with pytest.raises(Fault):
            registry.find("transcripts", settings)


def test_a_package_made_to_do_harm_is_refused_as_a_whole(tmp_path: Path) -> None:
    def packed(name: str, text: bytes) -> Path:
        path = tmp_path / "p.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, text)
        return path

    for name, text, said in (
        ("a.vtt", b"0" * (20 << 20), "压缩炸弹"),
        ("../a.vtt", VTT.encode(), "指向包外"),
        ("/etc/a.vtt", VTT.encode(), "指向包外"),
    ):
        with pytest.raises(Fault, match=said):
            list(registry.find("transcripts").rows(packed(name, text)))
    _found, (fault,) = read(packed("a.wav", b"RIFF"), "transcripts")
    assert "不是转写文件" in fault
    path = packed("ABCDEF.vtt", VTT.encode())
    path.write_bytes(path.read_bytes().replace(b"ABCDEF", "通话一".encode("gb18030")))  # as Chinese Windows writes it
    assert read(path, "transcripts")[0][0].source_id == "通话一"


LOG = f"""\
1767240000|NONE|card|PJSIP/1001|ADDMEMBER|
1767240123|{CALL}|card|NONE|ENTERQUEUE||13900000001|1
1767240130|{CALL}|card|PJSIP/1001|RINGNOANSWER|15000
1767240140|{CALL}|card|PJSIP/1001|CONNECT|17|1767240138.46|2
1767240200|{CALL}|card|PJSIP/1001|BLINDTRANSFER|loans|from-internal|17|60|1
1767240201|{CALL}|loans|NONE|ENTERQUEUE||13900000001|1
1767240205|{CALL}|loans|PJSIP/1002|CONNECT|4|1767240204.47|1
1767240300|{CALL}|loans|PJSIP/1002|COMPLETECALLER|4|95|1
1767240310|1767240310.50|card|NONE|ENTERQUEUE||13900000002|1
1767240313|1767240310.50|card|NONE|ABANDON|1|1|3
nonsense
1767240320|1767240320.51|card|NONE|ENTERQUEUE||1001|1
1767240325|1767240320.51|card|PJSIP/1002|CONNECT|5|1767240324.52|1
1767240400|1767240320.51|card|PJSIP/1002|ATTENDEDTRANSFER|LINK|a|b|5|75|1
1767240410|1767240410.60|card|NONE|ENTERQUEUE||13900000003|1
"""


def test_the_exchanges_log_is_put_together_to_stays(tmp_path: Path) -> None:
    """Calls of several queues, an agent who asks for a caller, a bad line, and a call that the file leaves open."""
    path = tmp_path / "queue_log"
    path.write_text(LOG)
    stays, (fault,) = read(path, "queue-log", '[queues]\ncard = "信用卡"')
    assert "queue_log:11：" in fault
    first, second, gone, asked, left = stays
    assert (first.queue, first.wait_seconds, first.talk_seconds, first.transfer) == ("信用卡", 17, 60, Transfer.BLIND)
    assert (first.transferred_to, first.rings_unanswered, first.caller) == ("loans", 1, "13900000001")
    assert (second.call_id, second.queue, second.agent) == (CALL, "loans", "1002")
    assert (gone.outcome, gone.wait_seconds) == (Outcome.ABANDONED, 3)
    assert (asked.continues, asked.caller, asked.transfer, asked.talk_seconds) == (True, "", Transfer.ATTENDED, 75)
    assert left.outcome is Outcome.UNFINISHED
    assert registry.guess(path).format == "queue-log"
    # Rotated in the midst of calls, one part packed: together they tell the same; alone, the rest is reckoned back.
    lines = LOG.splitlines(keepends=True)
    parts = tmp_path / "rotated"
    parts.mkdir()
    (parts / "queue_log-1.gz").write_bytes(gzip.compress("".join(lines[:4]).encode()))
    (parts / "queue_log-2").write_text("".join(lines[4:]))
    assert read(parts, "queue-log", '[queues]\ncard = "信用卡"')[0] == stays
    (parts / "queue_log-1.gz").unlink()
    tail = read(parts, "queue-log")[0][0]
    assert (tail.entered_at, tail.wait_seconds, tail.is_whole) == (first.entered_at, 17, False)


def test_who_was_dropped_by_an_agent_waits_on_and_old_transfers_tell_only_where_to(tmp_path: Path) -> None:
    """An agent who hangs up during the announcement leaves the caller in the queue: one stay, however it ends."""
    path = tmp_path / "queue_log"
    begin = "{0}|c{1}|card|NONE|ENTERQUEUE||1390000000{1}|1\n{2}|c{1}|card|Agent/6|AGENTDUMP|\n"
    calls = "".join(begin.format(1767240000 + 100 * one, one, 1767240009 + 100 * one) for one in (1, 2))
    path.write_text(
        f"{calls}1767240211|c1|card|Agent/7|CONNECT|111|x|2\n1767240271|c1|card|Agent/7|TRANSFER|8001|from-internal\n"
    )
    (answered, dropped), faults = read(path, "queue-log")
    assert faults == []
    assert (answered.outcome, answered.wait_seconds, answered.talk_seconds) == (Outcome.ANSWERED, 111, 60)
    assert (answered.transferred_to, answered.agent) == ("8001", "7")
    assert (dropped.outcome, dropped.wait_seconds) == (Outcome.LOST, 9)


def test_a_damaged_log_gives_its_whole_lines_and_a_packed_one_is_read_within_a_zip(tmp_path: Path) -> None:
    damaged = tmp_path / "queue_log.gz"
    damaged.write_bytes(gzip.compress(LOG.encode())[:-12])
    stays, faults = read(damaged, "queue-log")
    assert stays
    assert faults[-1] == "queue_log.gz：内容损坏，读不出；请重新导出"
    archive = tmp_path / "all.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("queue_log-1.gz", gzip.compress(LOG.encode()))
    path = tmp_path / "plain"
    path.write_text(LOG)
    assert read(archive, "queue-log")[0] == read(path, "queue-log")[0]
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(LOG.encode() + b"0" * (20 << 20)))
    assert "压缩炸弹" in read(bomb, "queue-log")[1][-1]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.vtt", VTT * 9)
    held = archive.read_bytes()
    archive.write_bytes(held[:60] + b"\xff" * 30 + held[90:])
    assert "a.vtt：内容损坏" in read(archive, "transcripts")[1][0]


def test_call_records_come_by_their_columns(tmp_path: Path) -> None:
    path = tmp_path / "话单.csv"
    path.write_text(
        "通话编号,技能组,进线时间,接通时间,结束时间,处理结果,客户号\n"
        "7,信用卡,2026-01-01 09:00:00,2026-01-01 09:00:17,2026-01-01 09:02:00,已接听,C1\n"
        "8,信用卡,2026-01-01 09:00:00,,2026-01-01 09:00:30,客户放弃,\n"
        "9,信用卡,2026-01-01 09:00:00,,,掉线,\n",
        encoding="gbk",
    )
    (answered, gone), (fault,) = read(path, "call-records")
    assert (answered.wait_seconds, answered.talk_seconds, answered.customer) == (17, 103, "C1")
    assert isinstance(gone, Stay)
    assert (gone.outcome, gone.wait_seconds, gone.talk_seconds) == (Outcome.ABANDONED, 30, None)
    assert "第 4 行“处理结果”列：不认识结果“掉线”" in fault
    assert read(path, "call-records", '[outcomes]\n"掉线" = "lost"')[0][2].outcome is Outcome.LOST
    path.write_text("呼叫ID,技能组,呼叫时间,排队时长,通话时长,结果\nc1,信用卡,2026-01-01 09:00:00,75秒,3分20秒,接通\n")
    assert registry.guess(path).format == "call-records"
    ((spoken,), _) = read(path, "call-records")
    assert (spoken.call_id, spoken.wait_seconds, spoken.talk_seconds) == ("c1", 75, 200)
    # Asterisk's call detail records as its database has them.
    path.write_text(
        "calldate,clid,src,dst,duration,billsec,disposition,uniqueid\n"
        "2026-01-01 09:00:00,x,13800138000,95588,250,248,ANSWERED,1788221100.1\n"
        "2026-01-01 09:01:00,x,13800138001,95588,70,0,NO ANSWER,1788221160.3\n"
    )
    assert [stay.outcome for stay in read(path, "call-records")[0]] == [Outcome.ANSWERED, Outcome.ABANDONED]
    details = tmp_path / "Master.csv"
    details.write_text(
        '"","13800138000","95588","in","""x"" <1>","SIP/1","SIP/2","Queue","support","2026-01-01 09:00:00","",'
        '"2026-01-01 09:01:10",70,0,"NO ANSWER","DOCUMENTATION","1788221160.3",""\n'
    )
    with pytest.raises(Fault, match="请改为导入 queue_log"):
        registry.guess(details)
    with pytest.raises(Fault, match="没有 outcome 一列"):
        read(path, "call-records", '[columns]\noutcome = "结局"')
