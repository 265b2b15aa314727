"""What may stand in a scenario file, and which columns has each file of the made-up bank? For people to read.

`python -m tests.simulation.reference` (in `make docs`) writes `docs/reference/simulation.md`; a test holds that what is
committed is current.
"""

from __future__ import annotations

import gzip
import json
import mailbox
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
import pyarrow.parquet as pq

from huixiang.simulation import entries
from huixiang.simulation import scenario as scenarios
from huixiang.simulation.effects import KINDS
from huixiang.simulation.events.processes import PROCESSES
from huixiang.simulation.events.processes.definition import Process, Step
from huixiang.simulation.run import live
from huixiang.simulation.scenario import Scenario
from tests.simulation import outside

FILE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "simulation.md"
SMALL = {"branches": 8, "months": 3}
WORDS = {
    "vtt": "WebVTT：时间、说话人、所说 / moments, speaker, words",
    "txt": "文本，一行一句 / text, a line an utterance",
    "png": "图片，`slips.jsonl` 中同号的意见条 / a picture of the slip of that number",
    "": "Asterisk `queue_log`：时刻、通话、队列、坐席、事件、参数，以竖线分隔 / "
    "epoch, call, queue, agent, event, parameters, by upright bars",
}
HEAD = """# 模拟银行的情景与文件 · The made-up bank: scenario files and exports

由 `make docs` 从代码与一次小的模拟生成，请勿手改。用法见[指南](../guide/simulate.md)。

Made by `make docs` from the code and a small run; how to use it: [guide](../guide/simulate.md).
"""


def text(folder: Path) -> str:
    """The whole page. `folder` holds the exports of the scenario `planted` at a small size."""
    parts = [HEAD, _bank(), _effects(), _steps(), _files(folder)]
    return "\n".join(part.strip() + "\n" for part in parts)


def _bank() -> str:
    scenario = Scenario()
    own = {key: getattr(scenario, "bank" if key == "name" else key) for key in entries.BANK}
    rows = [(f"`{key}`", f"{zh} / {en}", f"`{own[key]}`") for key, (_, zh, en) in entries.BANK.items()]
    return "## `[bank]`\n\n" + _table(("键 key", "可以是 what may stand there", "不写时 default"), rows)


def _effects() -> str:
    rows = [
        (
            f"`{kind}`", rule.title, ", ".join(f"`{key}`" for key in rule.keys[2:-4]) or "—",
            f"{rule.least:g}..{rule.most:g}", " / ".join(rule.size),
        )
        for kind, rule in KINDS.items()
    ]  # fmt: skip
    kinds = _table(("kind", "名称", "自有的键 its own keys", "size", "size 的含义 what it means"), rows)
    keys = _table(
        ("键 key", "可以是 what may stand there"),
        [(f"`{key}`", f"{zh} / {en}") for key, (_, zh, en) in entries.EFFECT.items()],
    )
    common = "每个效应都有 / every effect has `kind`, `name`, `from`, `to`, `size`; `enabled` may stand in any.\n"
    return f"## `[[effect]]`\n\n{common}\n{kinds}\n{keys}"


def _steps() -> str:
    def listed(process: Process, which: Callable[[Step], bool]) -> str:
        return "、".join(f"`{step.code}` {step.name}" for step in process.steps() if which(step)) or "—"

    rows = [
        (f"`{code}`", one.name, listed(one, lambda step: not step.together), listed(one, lambda step: step.together))
        for code, one in PROCESSES.items()
    ]
    head = ("process", "名称", "step", "不能攒批的 step / never batched")
    return "## 流程与环节 · Processes and steps\n\n" + _table(head, rows)


def _files(folder: Path) -> str:
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = _generic(path.relative_to(folder).as_posix())
            columns = found.get(name, "") if name.endswith((".vtt", ".png", ".txt")) else _columns(path)
            known, new = found.get(name, ""), columns or WORDS[path.suffix.lstrip(".")]
            found[name] = max(known, new, key=len)
    rows = [(f"`{name}`", columns) for name, columns in found.items()]
    return "## 文件与列 · Files and columns\n\n" + _table(("文件 file", "列、字段 columns, fields"), rows)


def _generic(name: str) -> str:
    name = re.sub(r"20\d\d-\d\d-\d\d(?=\.parquet)", "YYYY-MM-NN", name)
    name = re.sub(r"20\d\d-\d\d", "YYYY-MM", name)
    name = re.sub(r"(transcripts|pictures)/[^/]*\.", r"\1/*.", name)
    return re.sub(r"processes/[a-z]+\.", "processes/*.", name)


def _columns(path: Path) -> str:
    return READERS[path.suffix](path) if path.suffix in READERS else ""


def _csv(path: Path) -> str:
    encoding = "gb18030" if path.name in {"人事.csv", "应用市场评论.csv"} else "utf-8-sig"
    return _named(pd.read_csv(path, encoding=encoding, nrows=0).columns)


def _xlsx(path: Path) -> str:
    sheets = pd.read_excel(path, sheet_name=None, nrows=0, engine="calamine").items()
    return "；".join(f"{name}: {_named(sheet.columns)}" for name, sheet in sheets)


def _lines(path: Path) -> str:
    return _json([json.loads(line) for line in path.read_text("utf-8").splitlines()])


def _mbox(path: Path) -> str:
    return _named(dict.fromkeys(key for mail in mailbox.mbox(path) for key in mail))  # type: ignore[attr-defined]


def _json(found: object) -> str:
    if isinstance(found, dict):
        return _named(found["feed"]["entry"][0] if "feed" in found else found)
    assert isinstance(found, list)
    return _named(dict.fromkeys(key for one in found for key in one))


def _xes(path: Path) -> str:
    log = gzip.decompress(path.read_bytes()).decode()
    traces = re.findall(r"<trace>(.*?)(?=<event>|</trace>)", log, re.DOTALL)
    keys = dict.fromkeys(key for trace in traces for key in re.findall(r'key="([^"]+)"', trace))
    events = dict.fromkeys(key for line in re.findall("<event>.*", log) for key in re.findall(r'key="([^"]+)"', line))
    return f"trace: {_named(keys)}；event: {_named(events)}"


def _named(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


READERS: Mapping[str, Callable[[Path], str]] = {
    ".csv": _csv,
    ".parquet": lambda path: _named(pq.read_schema(path).names),
    ".xlsx": _xlsx,
    ".jsonl": _lines,
    ".json": lambda path: _json(json.loads(path.read_text("utf-8"))),
    ".mbox": _mbox,
    ".gz": _xes,
}


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def main() -> None:
    """Let a small bank live, and write the page."""
    with TemporaryDirectory() as place:
        folder = Path(place) / "bank"
        for _ in live(scenarios.named("planted").sized(**SMALL), folder):
            pass
        assert outside.truth(folder)
        FILE.write_text(text(folder), "utf-8")


if __name__ == "__main__":
    main()
