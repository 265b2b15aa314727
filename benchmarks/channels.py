"""How fast is each reader beside the plain parser of its form? Processor time, best of three, on made-up files.

python -m benchmarks.channels            # 4 MB of each
python -m benchmarks.channels --mb 20

Mails and feeds: benchmarks.mails.

The reader checks, refuses with a place, knows speakers and outcomes, and makes records; the plain parser only cuts.
"""

from __future__ import annotations

import argparse
import csv
import json
import resource
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path

import webvtt

from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Refused

AGENT, CUSTOMER = "您好，很高兴为您服务，请问有什么可以帮您？", "我的卡昨天在自动柜员机里被吞了，麻烦帮我看看怎么办。"
TURNS = 40  # of a call
LONG = 50_000_000  # bytes of one file of calls, which may not be held at once


def moments(number: int) -> tuple[int, int]:
    return 4 * number, 4 * number + 3


def clock(second: int, mark: str) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}{mark}000"


def vtt(_call: int) -> str:
    cues = []
    for number in range(TURNS):
        start, end = (clock(second, ".") for second in moments(number))
        who, said = ("坐席 100123", AGENT) if number % 2 == 0 else ("客户", CUSTOMER)
        cues.append(f"{number + 1}\n{start} --> {end}\n<v {who}>{said}</v>\n")
    return "WEBVTT\n\n" + "\n".join(cues)


def srt(_call: int) -> str:
    cues = []
    for number in range(TURNS):
        start, end = (clock(second, ",") for second in moments(number))
        who, said = ("坐席", AGENT) if number % 2 == 0 else ("客户", CUSTOMER)
        cues.append(f"{number + 1}\n{start} --> {end}\n{who}：{said}\n")
    return "\n".join(cues)


def document(call: int) -> str:
    turns = [
        {
            "speaker": "客户" if number % 2 else "坐席",
            "text": CUSTOMER if number % 2 else AGENT,
            "start": moments(number)[0],
        }
        for number in range(TURNS)
    ]
    return json.dumps({"call_id": f"{call}", "turns": turns}, ensure_ascii=False)


def line(call: int) -> str:
    return document(call) + "\n"


def table(call: int) -> str:
    rows = [
        f"{call},{'客户' if n % 2 else '坐席'},{moments(n)[0]},{CUSTOMER if n % 2 else AGENT}" for n in range(TURNS)
    ]
    return "通话编号,说话人,开始,内容\n" + "\n".join(rows) + "\n"


def log(call: int) -> str:
    at = 1_767_240_000 + 7 * call
    lines = (
        f"{at}|{at}.{call}|card|NONE|ENTERQUEUE||139{call:08d}|1",
        f"{at + 9}|{at}.{call}|card|PJSIP/1001|CONNECT|9|{at + 8}.{call}|3",
        f"{at + 99}|{at}.{call}|card|PJSIP/1001|COMPLETECALLER|9|90|1",
    )
    return "\n".join(lines) + "\n"


def record(call: int) -> str:
    hour, minute = 8 + call // 60 % 10, call % 60
    return f"{call},信用卡,139{call:08d},2026-01-05 {hour:02d}:{minute:02d}:07,9,90,已接听,100123\n"


RECORDS = "通话编号,技能组,主叫号码,进线时间,等待秒数,通话秒数,处理结果,坐席工号\n"


def many(folder: Path, suffix: str, made: Callable[[int], str], size: int) -> Path:
    """A folder of calls, a file each."""
    folder.mkdir()
    written = number = 0
    while written < size:
        written += (folder / f"{number}{suffix}").write_bytes(made(number).encode())
        number += 1
    return folder


def one(path: Path, head: str, made: Callable[[int], str], size: int) -> Path:
    with path.open("w", encoding="utf-8") as file:
        file.write(head)
        number = 0
        while file.tell() < size:
            file.write(made(number))
            number += 1
    return path


def files(path: Path) -> Iterator[Path]:
    yield from sorted(path.iterdir()) if path.is_dir() else [path]


def plain(path: Path, form: str) -> None:
    for file in files(path):
        if form in {"vtt", "srt"}:
            list(webvtt.read(str(file)) if form == "vtt" else webvtt.from_srt(str(file)))
        elif form == "json":
            json.loads(file.read_text("utf-8"))
        else:
            with file.open(encoding="utf-8", newline="") as lines:
                if form == "jsonl":
                    deque(map(json.loads, lines), maxlen=0)
                    continue
                list(csv.reader(lines) if form == "csv" else (line.split("|") for line in lines))


def read(path: Path, name: str) -> None:
    form, defaults = registry.find(name), Defaults()
    for row in form.rows(path):
        if isinstance(row, Refused):
            raise row.fault
        form.record(row, defaults)


def seconds(work: Callable[[], None]) -> float:
    """Processor time, the best of three: what else the machine does lengthens it less than wall time."""
    took = []
    for _ in range(3):
        begun = time.process_time()
        work()
        took.append(time.process_time() - begun)
    return min(took)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=float, default=4.0, help="of each form")
    size = int(parser.parse_args().mb * 1e6)
    with tempfile.TemporaryDirectory() as name:
        home, long = Path(name), max(size, LONG)
        cases = (
            ("WebVTT", "transcripts", "vtt", "webvtt-py", many(home / "vtt", ".vtt", vtt, size)),
            ("SRT", "transcripts", "srt", "webvtt-py", many(home / "srt", ".srt", srt, size)),
            ("JSON, a call a file", "transcripts", "json", "json", many(home / "json", ".json", document, size)),
            ("CSV, a row a turn", "transcripts", "csv", "csv", many(home / "csv", ".csv", table, size)),
            ("JSON Lines, one file", "transcripts", "jsonl", "json", one(home / "calls.jsonl", "", line, long)),
            ("queue_log", "queue-log", "log", "str.split", one(home / "queue_log", "", log, size)),
            ("call records, CSV", "call-records", "csv", "csv", one(home / "calls.csv", RECORDS, record, size)),
        )
        print(f"{'reader':<22}{'MB/s':>8}   {'plain parser':<14}{'MB/s':>8}{'time ratio':>12}")
        for title, reader, form, parser_name, path in cases:
            megabytes = sum(file.stat().st_size for file in files(path)) / 1e6
            ours, theirs = seconds(lambda: read(path, reader)), seconds(lambda: plain(path, form))  # noqa: B023
            speeds = f"{megabytes / ours:>8.1f}   {parser_name:<14}{megabytes / theirs:>8.1f}"
            print(f"{title:<22}{speeds}{ours / theirs:>12.1f}", flush=True)
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
