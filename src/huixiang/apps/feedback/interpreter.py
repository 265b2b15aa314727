"""What do these records say, without a trace of who said it? Masks and understands them, on both cores if many.

A helper process reads them while this one writes the batch before, and this one lends a hand rather than wait.
The helper process holds one end of a socket pair: when the importing process dies, even by SIGKILL, reading from it
ends and the helper ends too.
"""

from __future__ import annotations

import gc
import json
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from huixiang.apps.feedback import in_use, rulebooks
from huixiang.channels.contract import ROW_KEY
from huixiang.domain.feedback import Record, Side
from huixiang.domain.understanding.cells import mask_cell
from huixiang.domain.understanding.contract import Understanding
from huixiang.domain.understanding.dialogues import masked_turns
from huixiang.domain.understanding.masking import mask_after

AT_ONCE, CHARACTERS_AT_ONCE = 500, 100_000  # texts, and what they hold: more gain nothing and take memory
FEW, FEW_CHARACTERS = 2_000, 100_000  # below both a process of its own costs more than it saves
_SHORT = 80  # values up to this length repeat (versions, devices, business names) and are worth remembering


class Reading(NamedTuple):
    """A record as it may be stored: understood, and masked in every field that a person could have filled."""

    understanding: Understanding
    by: str  # the name of the model of feelings, or of the rules
    others: Mapping[str, str]  # the names of the models of kind and topics, where there are some
    source_id: str
    title: str
    text: str
    reply: str
    attachments: tuple[str, ...]
    extra: str  # JSON
    turns: tuple[tuple[str, str], ...] = ()  # of a dialogue: what each said, and the agent's number


@dataclass(slots=True)
class _Part:
    """Records that one process reads at once, and what the helper answers, in pickled form."""

    records: Sequence[Record]
    answer: Future[bytes]
    here: list[Reading] | None = None  # what this process read of them, where it was first


class Readings:
    """What some records say, on its way: asked for while the batch before them is written."""

    def __init__(self, parts: Sequence[_Part], here: Callable[[Sequence[Record]], list[Reading]]) -> None:
        self._parts, self._here = parts, here

    def result(self, meanwhile: Callable[[], None] = lambda: None) -> list[Reading]:
        """Of all records, in order. Who would only wait reads from the end whatever the helper has not begun yet.

        `meanwhile` is called after each part: a model may be so slow that a job would seem dead.
        """
        for part in reversed(self._parts[1:]):
            if part.here:  # asked for again
                continue
            if not part.answer.cancel():
                break
            part.here = self._here(part.records)
            meanwhile()
        found: list[Reading] = []
        for part in self._parts:
            found += part.here or _told(part.answer.result())
            meanwhile()
        return found


class Interpreter:
    """Reads records into readings, in order. Use it as a context manager; `submit` does not wait."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._thread = ThreadPoolExecutor(1)  # keeps the talk strictly by turns: two full pipes would wait for ever
        self._reads: in_use.Reading | None = None
        self._models = in_use.folder()

    def __enter__(self) -> Interpreter:
        rulebooks.refuse_broken()  # here, where a Fault is told in words; the helper could only tell that it failed
        return self

    def __exit__(self, *failure: object) -> None:
        if self._process:
            self._process.kill()
            self._process.wait()
        self._thread.shutdown(cancel_futures=True)
        if self._pipe:
            self._pipe.close()

    def submit(self, records: Sequence[Record]) -> Readings:
        if self._process is None and _few(records):
            found = self._here(records)
            return Readings([_Part(records, Future(), found)], self._here)
        if self._process is None:
            self._start()
        parts = [_Part(some, self._thread.submit(self._ask, some)) for some in _portions(records)]
        return Readings(parts, self._here)

    def _here(self, records: Sequence[Record]) -> list[Reading]:
        self._reads = self._reads or in_use.understander(self._models)
        return read(self._reads, records)

    def _start(self) -> None:
        self._pipe, theirs = Pipe()
        code = f"from {__name__} import serve; serve({theirs.fileno()}, {str(self._models)!r})"
        self._process = subprocess.Popen([sys.executable, "-c", code], pass_fds=[theirs.fileno()])
        theirs.close()
        # Read while the helper reads its own. Who activates a model between the two has it in some parts of this import
        # only; each reading says by which model it was made.
        self._reads = self._reads or in_use.understander(self._models)

    def _ask(self, records: Sequence[Record]) -> bytes:
        """In the thread that talks. The answer stays as it came: taking it apart here would hold up who writes."""
        assert self._pipe is not None
        self._pipe.send(records)
        return self._pipe.recv_bytes()


def _told(answer: bytes) -> list[Reading]:
    told: list[Reading] | str = pickle.loads(answer)  # noqa: S301 (of our own process)
    if isinstance(told, str):
        raise RuntimeError(told)
    return told


def serve(descriptor: int, models: str) -> None:
    """The helper's life: answer until the other side is gone."""
    pipe, reads = Connection(descriptor), None
    gc.disable()  # many small objects live for one answer, none in cycles: looking for some takes a fifth of the time
    while True:
        try:
            records = pipe.recv()
        except (EOFError, ConnectionError):
            return
        try:
            if reads is None:
                reads = in_use.understander(Path(models))
                gc.freeze()
            answer: list[Reading] | str = read(reads, records)
        except Exception as failure:
            answer = type(failure).__name__  # no more: its message might quote a customer
        try:
            pipe.send(answer)
        except (BrokenPipeError, ConnectionError):
            return
        del records, answer
        gc.collect()


def read(reads: in_use.Reading, records: Sequence[Record]) -> list[Reading]:
    """Title and text are understood as one, so that a title alone ("闪退！") still tells the mood."""
    found: list[Reading] = []
    for some in _portions(records):
        dialogues = [
            masked_turns([turn.text for turn in record.turns], [turn.side for turn in record.turns]) for record in some
        ]
        understood = _understood(reads, some, dialogues)
        found += [_reading(*each, reads) for each in zip(some, understood, dialogues, strict=True)]
    return found


def _understood(
    reads: in_use.Reading, records: Sequence[Record], dialogues: Sequence[list[str]]
) -> list[Understanding]:
    said = [_said(record, turns) for record, turns in zip(records, dialogues, strict=True)]
    return reads.understander.read(said, [record.channel.is_to_the_bank for record in records])


def _few(records: Sequence[Record]) -> bool:
    return len(records) < FEW and sum(len(record.text) for record in records) < FEW_CHARACTERS


def _said(record: Record, turns: Sequence[str]) -> str:
    """Of a dialogue the customer's words, masked with what the agent asked: alone, a name need not look like one."""
    if record.turns:
        pairs = zip(record.turns, turns, strict=True)
        return "\n".join(text for turn, text in pairs if turn.side is Side.CUSTOMER)
    return f"{record.title}\n{record.text}" if record.title else record.text


def _portions(records: Sequence[Record]) -> Iterator[Sequence[Record]]:
    """So many at a time that their pieces fit into memory; a text longer than that comes alone."""
    begin, characters = 0, 0
    for end, record in enumerate(records):
        length = len(record.title) + len(record.text) + bool(record.title)
        if end > begin and (end - begin == AT_ONCE or characters + length > CHARACTERS_AT_ONCE):
            yield records[begin:end]
            begin, characters = end, 0
        characters += length
    if records:
        yield records[begin:]


def _reading(record: Record, understanding: Understanding, turns: Sequence[str], reads: in_use.Reading) -> Reading:
    title, text = masked_pair(record.title, record.text) if record.title else ("", understanding.masked)
    return Reading(
        understanding,
        reads.label,
        reads.others,
        "" if record.source_id.startswith(ROW_KEY) else masked_value("", record.source_id),
        title,
        text,
        mask_after(f"{record.text[-_SHORT:]}\n", record.reply)[1] if record.reply else "",
        tuple(masked_value("", name) for name in record.attachments),
        json.dumps(_masked_extra(record.extra), ensure_ascii=False) if record.extra else "{}",
        tuple((text, masked_value("", turn.staff)) for turn, text in zip(record.turns, turns, strict=True)),
    )


def _masked_extra(extra: Mapping[str, str]) -> dict[str, str]:
    """Names as well as values: where a file has no header its first customer stands there. No column is lost."""
    found: dict[str, str] = {}
    for column, value in sorted(extra.items()):
        plain = name = masked_value("", column)
        time = 1
        while name in found:
            time += 1
            name = f"{plain} ({time})"
        found[name] = masked_value(column, value)
    return found


def masked_pair(title: str, text: str) -> tuple[str, str]:
    """Title and text masked as they were understood: as one, since 我的密码是 may be the title and abc123 the text."""
    if not title:
        return "", mask_after("", text)[1]
    before, after = mask_after(f"{title}\n", text)
    return before.removesuffix("\n"), after


def masked_value(name: str, value: str) -> str:
    """Mask one field. Its column's name is read along: 姓名 before it tells that 王芳 is a person."""
    if not value:
        return ""
    return _remembered(name, value) if len(value) <= _SHORT else mask_cell(name, value)


_remembered = lru_cache(50_000)(mask_cell)
