"""How do we hear from a child process that works under limits? Frames: a line of JSON, and as many bytes as it says."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer
from typing import IO, Any

Frame = tuple[dict[str, Any], bytes]
LARGEST_FRAME = 64 << 20  # bytes: a PDF on its way in; a child that says it sends more has gone mad


def limit(memory: int, seconds: int) -> None:
    """In the child, first of all: so much address space, so much of a processor, and no core file of a slip."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def own_output() -> IO[bytes]:
    """In the child: where frames go. Libraries print; what they print must not stand between them."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def send(to: IO[bytes], told: dict[str, Any], content: bytes = b"") -> None:
    to.write(json.dumps({**told, "bytes": len(content)}, ensure_ascii=False).encode() + b"\n" + content)
    to.flush()


def receive(of: IO[bytes]) -> Frame | None:
    """The next frame; None where there is none, or none that is whole: whoever wrote it has died."""
    line = of.readline()
    if not line.endswith(b"\n"):
        return None
    told: dict[str, Any] = json.loads(line)
    if told["bytes"] > LARGEST_FRAME:
        return None
    content = of.read(told["bytes"])
    return (told, content) if len(content) == told["bytes"] else None


@contextmanager
def started(module: str, *arguments: object) -> Iterator[subprocess.Popen[bytes]]:
    """The child; whenever we stop listening, it ends. What it complains of may quote a slip, and is not kept."""
    command = [sys.executable, "-m", module, *map(str, arguments)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def at_most(process: subprocess.Popen[bytes], seconds: float) -> Iterator[Event]:
    """A child that hangs is ended after so many seconds; the event tells whether it was."""
    over = Event()

    def end() -> None:
        over.set()
        process.kill()

    timer = Timer(seconds, end)
    timer.daemon = True
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()
