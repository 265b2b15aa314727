"""What stands on this page? Lines, each with its place and how sure the reading is, by a child of its own."""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.util import find_spec
from types import TracebackType

from huixiang.channels.contract import Fault
from huixiang.channels.paper import child
from huixiang.channels.pictures import Picture

MOST_MEMORY = 3_000 << 20  # bytes of address space: the models, and a page of 2,400 × 2,400
LONGEST_PAGE = 90.0  # seconds, on a machine that does other things too
LONGEST_RUN = 3_600  # seconds of processor time for one child
PAGES_A_CHILD = 500  # then a fresh one: what a library leaks goes with it
CHILD = "huixiang.channels.paper.reading_child"


@dataclass(frozen=True, slots=True)
class Line:
    """`sure` 0..1 is the reader's own estimate; `box` is left, top, right, bottom in shares of the page."""

    text: str
    sure: float
    box: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Reading:
    """`turned`: by how many degrees the page had to be turned clockwise to be read, 0 where it stood upright.

    `picture` is the page so turned.
    """

    lines: tuple[Line, ...]
    picture: Picture
    turned: int = 0


class Unread(Exception):
    """The reader gave up on this page: it took too long, or too much memory."""


def is_there() -> bool:
    """Is a reader installed? Without it slips are typed in beside their pictures."""
    return find_spec("rapidocr") is not None


class Reader:
    """A child that has loaded the models, which takes two seconds, and reads page after page."""

    def __init__(self, threads: int = 1) -> None:
        if not is_there():
            raise Fault("没有安装文字识别；请管理员安装 huixiang[ocr]，或对着图片手工录入")
        self._threads, self._stack, self._read = threads, ExitStack(), 0
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Reader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self._stack.close()
        self._process = None

    def read(self, picture: Picture) -> Reading:
        """Raises Unread."""
        process = self._ready()
        assert process.stdin
        assert process.stdout
        self._read += 1
        with child.at_most(process, LONGEST_PAGE):
            try:
                child.send(process.stdin, {"width": picture.width, "height": picture.height}, picture.jpeg)
                frame = child.receive(process.stdout)
            except BrokenPipeError:
                frame = None
        if frame is None:
            self.close()
            raise Unread
        told, jpeg = frame
        lines = tuple(Line(each["text"], each["sure"], tuple(each["box"])) for each in told["lines"])
        upright = Picture(jpeg, told["width"], told["height"]) if jpeg else picture
        return Reading(lines, upright, told["turned"])

    def _ready(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._read >= PAGES_A_CHILD:
            self.close()
            self._process, self._read = (
                self._stack.enter_context(child.started(CHILD, self._threads, MOST_MEMORY, LONGEST_RUN)),
                0,
            )
        return self._process
