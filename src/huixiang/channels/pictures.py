"""May this photo be kept? Looked at as a picture, never by its name; what is kept is drawn anew, without its secrets.

A camera writes into the file where and when it stood (EXIF). What is drawn anew holds nothing but what can be seen, and
nothing that could hide behind the picture.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from threading import Lock

from PIL import Image, ImageOps

from huixiang.channels.contract import Fault

MOST_BYTES = 8_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
LONGEST_SIDE, THUMBNAIL_SIDE = 2_048, 320  # pixels: a slip of paper is read well, a phone's album is not kept
# MPO is a JPEG with more pictures behind it, as telephones write HDR: opened as JPEG, its first one is kept.
# What a decoder may need: 3 bytes a pixel, and of a progressive JPEG its coefficients besides.
MOST_PIXELS = {"JPEG": 50_000_000, "MPO": 50_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
QUALITY = 85
# Of all threads of a process one decodes at a time: eight bombs at once would be eight times their memory. What staff
# look at waits for no stranger.
_arriving, _shown = Lock(), Lock()


@dataclass(frozen=True, slots=True)
class Picture:
    """A photo as it is kept: JPEG, upright, without EXIF."""

    jpeg: bytes
    width: int
    height: int


def cleaned(content: bytes, name: str = "") -> Picture:
    """The photo drawn anew. Raises Fault for what is none, what is too large, and what would fill the memory."""
    refuse_large(len(content), name)
    with _arriving:
        return redrawn(content, name)


def redrawn(content: bytes, name: str = "", longest: int = LONGEST_SIDE) -> Picture:
    """The same where somebody else has looked at its bytes, and waits for no stranger. Raises Fault."""
    drawn = _opened(content, name, longest)
    return Picture(_written(drawn, QUALITY), *drawn.size)


def drawn(image: Image.Image) -> Picture:
    """As it is kept, of a picture that was made here."""
    return Picture(_written(image.convert("RGB"), QUALITY), *image.size)


def refuse_large(size: int, name: str) -> None:
    """Before it is even read. Raises Fault."""
    if size > MOST_BYTES:
        raise Fault("照片“%(name)s”超过 %(most)s MB；请选小一些的照片", name=name, most=MOST_BYTES // 1_000_000)


def thumbnail(jpeg: bytes) -> bytes:
    """A small picture of a kept one."""
    with _shown, Image.open(io.BytesIO(jpeg), formats=("JPEG",)) as image:
        image.draft("RGB", (THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
        return _written(image.convert("RGB"), QUALITY)


def _opened(content: bytes, name: str, longest: int) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is the stricter one
            with Image.open(io.BytesIO(content), formats=FORMATS) as image:
                _refuse_bomb(image, name)
                return _drawn(image, longest)
    except Fault:
        raise
    except Image.DecompressionBombError:  # so large that the library will not even tell how large
        raise Fault("照片“%(name)s”的尺寸过大；请缩小后再发", name=name) from None
    except Exception:  # whatever a decoder makes of hostile bytes
        raise Fault("“%(name)s”不是能读取的照片；请选 JPEG、PNG 或 WebP 格式的照片", name=name) from None


def _refuse_bomb(image: Image.Image, name: str) -> None:
    """By the size that its head tells, before a single pixel is decoded."""
    width, height = image.size
    if width * height > MOST_PIXELS[str(image.format)]:
        raise Fault(
            "照片“%(name)s”的尺寸过大（%(width)s × %(height)s）；请缩小后再发", name=name, width=width, height=height
        )


def _drawn(image: Image.Image, longest: int) -> Image.Image:
    image.draft("RGB", (longest, longest))  # a JPEG is decoded at the size it is needed in
    image.thumbnail((longest, longest))
    upright = ImageOps.exif_transpose(image)
    if upright.mode in {"RGBA", "LA", "PA", "P"}:  # what is seen through is white paper
        upright = upright.convert("RGBA")
        ground = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(ground, upright)
    return upright.convert("RGB")


def _written(image: Image.Image, quality: int) -> bytes:
    plain = Image.new("RGB", image.size)  # nothing of the source's comments, profiles and marks comes along
    plain.paste(image)
    target = io.BytesIO()
    plain.save(target, "JPEG", quality=quality, optimize=True)
    return target.getvalue()
