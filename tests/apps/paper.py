"""Slips of paper and who brings them, as tests tell it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from huixiang.apps.slips import reading
from huixiang.channels.paper.reading import Line, Reader, Reading
from huixiang.channels.pictures import Picture
from huixiang.simulation.exports.slips import picture

SAID = "叫号屏幕字太小，我爸七十多岁看不清，总怕过号。"
THANKS = "谢谢3号窗口的小姑娘，特别耐心。"


def slip(text: str = SAID, seed: int = 1) -> bytes:
    """A PNG."""
    return picture(text, np.random.default_rng(seed))


def image(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


def pdf(*contents: bytes) -> bytes:
    first, *rest = map(image, contents)
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest, resolution=200)
    return out.getvalue()


def blank() -> bytes:
    out = io.BytesIO()
    Image.new("L", (400, 200), 252).save(out, "PNG")
    return out.getvalue()


def two_on_one(one: str = SAID, other: str = THANKS) -> bytes:
    upper, lower = image(slip(one)), image(slip(other))
    sheet = Image.new("RGB", (upper.width, upper.height + 260 + lower.height), (250, 250, 250))
    sheet.paste(upper, (0, 0))
    sheet.paste(lower, (0, upper.height + 260))
    out = io.BytesIO()
    sheet.save(out, "PNG")
    return out.getvalue()


class Lent(Reader):
    """The one reader of all tests: loading its models costs two seconds."""

    def __exit__(self, *failure: object) -> None:
        """It is used again."""


class Written(Reader):
    """Reads what a test says stands there: where it matters not how well."""

    def __init__(self, *lines: tuple[str, float]) -> None:
        self.lines = lines

    def close(self) -> None:
        """There is no child."""

    def read(self, picture: Picture) -> Reading:
        found = [Line(text, sure, (0.1, 0.1 * n, 0.9, 0.1 * n + 0.08)) for n, (text, sure) in enumerate(self.lines, 1)]
        return Reading(tuple(found), picture)


@pytest.fixture(scope="session")
def the_reader() -> Iterator[Reader]:
    lent = Lent()
    yield lent
    lent.close()


@pytest.fixture
def reader(the_reader: Reader, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.setattr(reading, "Reader", lambda: the_reader)
    return the_reader


def files(*contents: tuple[str, bytes]) -> list[Any]:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return [SimpleUploadedFile(name, content) for name, content in contents]
