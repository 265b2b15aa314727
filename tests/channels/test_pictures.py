"""What does a photo keep of its camera, and what does a hostile one do to the machine? Nothing, both."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from huixiang.channels import pictures
from huixiang.channels.contract import Fault


def photo(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **saved: object) -> bytes:
    mode = "RGBA" if kind == "PNG" else "RGB"
    target = io.BytesIO()
    Image.new(mode, size, (200, 60, 30, 0) if mode == "RGBA" else (200, 60, 30)).save(target, kind, **saved)
    return target.getvalue()


def png_head(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is enormous."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 99)) + chunk(b"IEND", b"")


def test_where_and_when_it_was_taken_is_gone_and_the_photo_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x9003] = 6, "SECRET-CAMERA", "2026:11:01 09:00:00"
    kept = pictures.cleaned(photo(exif=exif, comment=b"SECRET-COMMENT"))
    assert b"SECRET" not in kept.jpeg
    with Image.open(io.BytesIO(kept.jpeg)) as image:
        assert not image.getexif()
        assert image.size == (48, 64) == (kept.width, kept.height)


def test_a_telephones_hdr_photo_with_more_pictures_behind_it_is_a_photo() -> None:
    second = Image.new("RGB", (20, 20), "blue")
    kept = pictures.cleaned(photo("MPO", save_all=True, append_images=[second]))
    assert (kept.width, kept.height) == (64, 48), "the first one"


def test_a_large_one_is_kept_smaller_and_what_is_seen_through_is_white() -> None:
    kept = pictures.cleaned(photo("PNG", (3000, 1500)))
    assert (kept.width, kept.height) == (pictures.LONGEST_SIDE, pictures.LONGEST_SIDE // 2)
    with Image.open(io.BytesIO(kept.jpeg)) as image:
        assert image.getpixel((5, 5)) == (255, 255, 255)
    with Image.open(io.BytesIO(pictures.thumbnail(kept.jpeg))) as small:
        assert small.size == (320, 160)


@pytest.mark.parametrize(
    "hostile",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"%PDF-1.7 not a photo",
        b"GIF89a\x01\x00\x01\x00",
        photo()[:200],
        png_head(60_000, 60_000),
        b"\xff\xd8" * 4_500_000,
        b"",
    ],
    ids=["script", "document", "another format", "cut off", "bomb", "too many bytes", "empty"],
)
def test_what_is_no_photo_is_refused_in_words_that_name_it(hostile: bytes) -> None:
    with pytest.raises(Fault, match="单据"):
        pictures.cleaned(hostile, "单据.jpg")
