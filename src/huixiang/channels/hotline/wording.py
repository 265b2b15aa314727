"""How does the bank's recorder write its transcripts? Names of speakers and of fields, as a short TOML text.

    format = "transcripts"
    without_speaker = "refuse"          # or as_before, customer, agent_first, customer_first
    times = "s"                         # numbers are seconds; "ms": milliseconds
    [speakers]
    agent = ["坐席", "0"]
    customer = ["客户", "1"]
    [fields]
    text = ["onebest", "text"]

What is not written stays as the product has it. docs/guide/hotline.md tells all keys.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from huixiang.channels import encoding
from huixiang.channels.contract import Fault
from huixiang.channels.hotline.speakers import NAMES, RULES, Speakers
from huixiang.domain.feedback import Side

# Field of ours → names in JSON and CSV, the likeliest first; compared without case, spaces, hyphens and underscores.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "call": (
        "call_id",
        "callid",
        "uniqueid",
        "session_id",
        "conversation_id",
        "通话编号",
        "通话id",
        "呼叫编号",
        "录音编号",
    ),
    "started_at": ("started_at", "call_time", "call_started_at", "通话时间", "通话开始时间", "来电时间", "进线时间"),
    "customer": ("customer", "customer_id", "customer_no", "客户号", "客户编号"),
    "caller": ("caller", "caller_id", "caller_number", "ani", "phone", "来电号码", "主叫号码", "客户电话"),
    "branch": ("branch", "branch_code", "机构号", "网点号"),
    "turns": (
        *["turns", "segments", "utterances", "dialogue", "dialog", "sentences", "results", "messages", "transcript"],
        *["对话", "对话内容", "转写", "转写结果", "句子"],
    ),
    "speaker": (
        "speaker",
        "role",
        "speaker_label",
        "speaker_id",
        "channel_id",
        "channel",
        "spk",
        "说话人",
        "角色",
        "发言人",
    ),
    "text": ("text", "content", "sentence", "utterance", "transcript", "onebest", "文本", "内容", "话术", "说话内容"),
    "start": ("start", "start_time", "begin", "begin_time", "from", "开始", "开始时间", "开始秒"),
    "end": ("end", "end_time", "to", "结束", "结束时间", "结束秒"),
    "start_ms": ("start_ms", "begin_ms", "bg", "开始毫秒"),
    "end_ms": ("end_ms", "ed", "结束毫秒"),
}
_KEYS = ("format", "without_speaker", "times", "encoding", "speakers", "fields")
FORMAT = "transcripts"


@dataclass(frozen=True)
class Wording:
    """How one recorder writes. `names`: field → its names, in plain form."""

    speakers: Speakers
    names: Mapping[str, tuple[str, ...]]
    milliseconds: bool = False
    encoding: str = ""

    def value(self, found: Mapping[str, Any], field: str) -> Any:
        """What stands under the first of the field's names that is there and filled; None where none is."""
        named = _plain_keys(tuple(found))
        for name in self.names[field]:
            value = found.get(named[name]) if name in named else None
            if value is not None and value != "":
                return value
        return None

    def has(self, found: Mapping[str, Any], field: str) -> bool:
        named = _plain_keys(tuple(found))
        return any(name in named for name in self.names[field])


@lru_cache(1 << 12)
def _plain_keys(keys: tuple[str, ...]) -> dict[str, str]:
    return {plain(key): key for key in reversed(keys)}


def plain(name: str) -> str:
    return re.sub(r"[\s_\-]", "", str(name)).casefold()


@lru_cache(64)
def parse(text: str) -> Wording:
    """The wording of a TOML text; the product's own where it is empty. Raises Fault that names the key."""
    try:
        table = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        raise Fault(
            "设置第 %(line)s 行不是合法的 TOML；请检查引号、等号和括号", line=int(place[1]) if place else 1
        ) from None
    for key in table:
        _one_of(key, _KEYS, "key")
    _one_of(table.get("format", FORMAT), (FORMAT,), "format")
    rule, times = table.get("without_speaker", "refuse"), table.get("times", "s")
    _one_of(rule, RULES, "without_speaker")
    _one_of(times, ("s", "ms"), "times")
    name = str(table.get("encoding", ""))
    if name and not encoding.named(name):
        _one_of(name, encoding.ENCODINGS, "encoding")
    speakers = _lists(table, "speakers", {side.value: names for side, names in NAMES.items()})
    names = _lists(table, "fields", FIELDS)
    _no_name_twice(speakers)
    return Wording(
        Speakers({Side(side): tuple(names) for side, names in speakers.items()}, rule),
        {field: tuple(dict.fromkeys(map(plain, each))) for field, each in names.items()},
        times == "ms",
        encoding.named(name) or "",
    )


def _lists(table: Mapping[str, Any], key: str, ours: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    given = table.get(key, {})
    if not isinstance(given, dict):
        raise Fault("设置里的 %(key)s 要写成一节：[%(key)s]", key=key)
    for name, values in given.items():
        _one_of(name, tuple(ours), key)
        if (
            not isinstance(values, list)
            or not values
            or not all(isinstance(each, str) and each.strip() for each in values)
        ):
            raise Fault('设置里 [%(key)s] 的 %(name)s 要写成文字的列表：["…", "…"]', key=key, name=name)
    return {name: tuple(given.get(name, names)) for name, names in ours.items()}


def _no_name_twice(speakers: Mapping[str, tuple[str, ...]]) -> None:
    seen: dict[str, str] = {}
    for side, names in speakers.items():
        for name in map(plain, names):
            if seen.setdefault(name, side) != side:
                raise Fault("设置里 [speakers] 的“%(name)s”写在两类说话人里；请只留一处", name=name)


def _one_of(found: Any, choices: tuple[str, ...], key: str) -> None:
    if found not in choices:
        message = "设置里的 %(key)s 写的是“%(found)s”；可选 %(choices)s"
        raise Fault(message, key=key, found=str(found)[:40], choices="、".join(choices))
