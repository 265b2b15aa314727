"""Does this file come from the hotline? By its first bytes: names of files lie."""

from __future__ import annotations

import csv
import json
import re
import zipfile
from collections.abc import Mapping
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any

from huixiang.channels.contract import Fault
from huixiang.channels.hotline import package
from huixiang.channels.hotline.objects import turns_of
from huixiang.channels.hotline.queue_log import looks_like_log
from huixiang.channels.hotline.wording import Wording, parse, plain

HEAD, DOCUMENT_HEAD = 1 << 16, 1 << 20  # bytes; a document may begin with the whole call's words in one
_SHEET = "[Content_Types].xml"
_DISPOSITIONS = frozenset({"ANSWERED", "NO ANSWER", "BUSY", "FAILED", "CONGESTION"})
_CALLED_AT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
_LIST = re.compile(r'"(?P<name>[^"\\]{1,40})"\s*:\s*\[\s*(?=\{)')
_CLOCK = re.compile(r"\d+(?::\d{1,2}){0,2}(?:[.,]\d+)?")
_CUES = re.compile(r"\A\ufeff?(?:WEBVTT|\s*\d+\s*\r?\n\s*[\d:]+[,.]\d{1,3}\s*-->)")


def recognised(path: Path) -> str | None:
    """The name of the hotline's format; None for whatever else. Raises Fault for a package not to be trusted."""
    if path.is_dir():
        return _of_package(path)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            return None if _SHEET in archive.namelist() else _of_package(path)
    with path.open("rb") as file:
        start = file.read(DOCUMENT_HEAD)
    if start.startswith(b"\x1f\x8b"):
        return _of_package(path)
    if _is_call_details(start):
        raise Fault(
            "“%(name)s”是 Asterisk 的 Master.csv：没有列名，也不写排队多久、是否放弃；请改为导入 queue_log",
            name=path.name,
        )
    return _of_head(start)


def _is_call_details(start: bytes) -> bool:
    """Asterisk's cdr_csv: sixteen columns and more without names, of which the fifteenth tells what became of it."""
    line = start[:4096].partition(b"\n")[0].decode("utf-8", "ignore")
    if line.count(",") < 15 or "\0" in line:  # the reader of CSV stops at NUL
        return False
    cells = next(csv.reader([line]), [])
    return len(cells) >= 16 and cells[14] in _DISPOSITIONS and _CALLED_AT.fullmatch(cells[9]) is not None


def _of_package(path: Path) -> str | None:
    """As its first file that can be read."""
    with ExitStack() as stack:
        for member in package.members(path, stack):
            try:
                with member.open() as file:
                    if found := _of_head(file.read(DOCUMENT_HEAD)):
                        return found
            except (Fault, OSError, EOFError, zipfile.BadZipFile):
                continue
    return "transcripts"  # the only packages there are


def _of_head(start: bytes) -> str | None:
    text = start.decode("utf-8", "ignore")
    if text.count("\0") > len(text) // 4:
        text = start.decode("utf-16", "ignore")
    if _CUES.search(text):
        return "transcripts"
    if looks_like_log(text[:HEAD]):
        return "queue-log"
    return _of_document(text) or _of_columns(text)


def _of_document(text: str) -> str | None:
    """A call with a list of turns that name who speaks, as a document, a list, or a line."""
    begin = text.lstrip("\ufeff \t\r\n[")
    if not begin.startswith("{"):
        return None
    wording = parse("")
    found = _decoded(begin, 0)
    turns = turns_of(found, wording) if isinstance(found, dict) else None
    # A long call goes on beyond what is looked at: then its first turn tells.
    first = turns[0] if turns else _first_turn(begin, wording) if found is None else found
    is_turn = first is not found
    if not isinstance(first, dict) or not wording.has(first, "text"):
        return None
    side = wording.speakers.find(str(wording.value(first, "speaker") or ""))
    return "transcripts" if side or _is_timed(first, wording, is_turn=is_turn) else None


def _decoded(text: str, at: int) -> object:
    """The value that begins there; None where it is not whole."""
    try:
        return json.JSONDecoder().raw_decode(text, at)[0]
    except (ValueError, RecursionError):
        return None


def _first_turn(text: str, wording: Wording) -> object:
    """The first of the first list of turns. A few are tried: a file may hold any number of beginnings."""
    named = (match.end() for match in _LIST.finditer(text) if plain(match["name"]) in wording.names["turns"])
    begins = islice(named, 10)
    return next((first for at in begins if (first := _decoded(text, at)) is not None), None)


def _is_timed(first: Mapping[str, Any], wording: Wording, *, is_turn: bool) -> bool:
    """Words with the second at which they begin are a call's, also where a program numbered who speaks, or did not.

    Taken for an ordinary table, the agent's words would count as the customer's.
    """
    begins = wording.value(first, "start_ms"), wording.value(first, "start")
    is_timed = any(_CLOCK.fullmatch(str(each)) for each in begins if each is not None)
    return is_timed and (is_turn or wording.has(first, "speaker"))


def _of_columns(text: str) -> str | None:
    """A header that only one of the hotline's tables has."""
    names = {plain(cell.strip('"\ufeff ')) for cell in re.split(r"[,\t;|]", text.partition("\n")[0])}
    if names & {"等待秒数", "排队时长", "等待时长", "waitseconds"} and names & {"技能组", "队列", "queue", "queuename"}:
        return "call-records"
    return "transcripts" if "说话人" in names and names & {"内容", "文本", "说话内容"} else None
