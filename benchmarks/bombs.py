"""Does what draws scans stay within its memory and time, whatever is brought? Hostile PDFs and pictures, one by one.

python -m benchmarks.bombs [NAME …] [--seconds 20]

Each file is made here and handed to `channels.paper.pages` as a slip would be; told are the child's memory at its
highest (the limit is 1,500 MB of address space), the time, and what a person would read.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import resource
import struct
import time
import zlib
from collections.abc import Callable, Mapping

from PIL import Image

from huixiang.channels.contract import Fault
from huixiang.channels.paper import pages

CATALOG = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>"}
LEAF = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]%b>>"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument(
        "--seconds", type=float, default=20.0, help="until the next page must be there; in use it is 60"
    )
    args = parser.parse_args()
    pages.LONGEST_PAGE = args.seconds
    print("| file | KB | seconds | child, MB | what is told |\n|---|---|---|---|---|")
    for name, make in BOMBS.items():
        if not args.names or any(each in name for each in args.names):
            one = multiprocessing.get_context("fork").Process(target=_tried, args=(name, make()))
            one.start()  # each in a process of its own: its children's memory is then known
            one.join()


def _tried(name: str, content: bytes) -> None:
    begun = time.perf_counter()
    try:
        pages.refuse(len(content), content[:1024], name)
        drawn = list(pages.pages(content, name))
        faults = [str(each.fault) for each in drawn if each.fault]
        told = f"{len(drawn)} drawn" if not faults else f"{faults[0]} ({len(faults)} of {len(drawn)})"
    except Fault as fault:
        told = str(fault)
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"| {name} | {len(content) / 1e3:,.0f} | {time.perf_counter() - begun:.1f} | {memory:,.0f} | {told} |",
        flush=True,
    )


def _pdf(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    out, places = b"%PDF-1.7\n", {}
    for number, each in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj" % number + each + b"endobj\n"
    last = max(objects)
    rows = b"".join(b"%010d 00000 n \n" % places.get(number, 0) for number in range(1, last + 1))
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (last + 1) + rows
    return out + table + b"trailer<</Size %d/Root 1 0 R%b>>\nstartxref\n%d\n%%%%EOF" % (last + 1, trailer, len(out))


def _stream(told: bytes, data: bytes) -> bytes:
    return b"<<" + told + b"/Length %d>>stream\n" % len(data) + data + b"\nendstream "


def _page(content: bytes, told: bytes = b"", resources: bytes = b"", more: Mapping[int, bytes] | None = None) -> bytes:
    leaf = LEAF % (b"/Contents 4 0 R/Resources<<" + resources + b">>")
    return _pdf({**CATALOG, 3: leaf, 4: _stream(told, content), **(more or {})})


def _image(side: int, told: bytes, data: bytes) -> bytes:
    """A page filled by one image."""
    size = b"/Type/XObject/Subtype/Image/Width %d/Height %d" % (side, side)
    own = {5: _stream(size + told, data)}
    return _page(b"q 600 0 0 800 0 0 cm /I Do Q", resources=b"/XObject<</I 5 0 R>>", more=own)


def _packed(size: int, piece: bytes = bytes(1 << 20)) -> bytes:
    """So many bytes, deflated a piece at a time."""
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(piece) for _ in range(size // len(piece))) + packer.flush()


def _jbig2(side: int) -> bytes:
    def segment(number: int, kind: int, data: bytes) -> bytes:
        return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data

    info = struct.pack(">IIIIBH", side, side, 0, 0, 0, 0)
    region = struct.pack(">IIIIB", side, side, 0, 0, 0) + bytes([0, 3, 255, 253, 255, 2, 254, 254, 254]) + bytes(64)
    return segment(0, 48, info) + segment(1, 38, region) + segment(2, 49, b"")


def _lying(kind: str, side: int) -> bytes:
    """A small picture whose head says it is so large."""
    out = io.BytesIO()
    if kind == "JPEG2000":
        Image.new("RGB", (256, 256)).save(out, kind, no_jp2=True)
        made = bytearray(out.getvalue())
        struct.pack_into(">IIIIIIII", made, made.index(b"\xff\x51") + 6, side, side, 0, 0, side, side, 0, 0)
    else:
        Image.new("RGB", (64, 64)).save(out, kind, progressive=True)
        made = bytearray(out.getvalue())
        struct.pack_into(">HH", made, made.index(b"\xff\xc2") + 5, side, side)
    return bytes(made)


def _png(side: int, chunk: bytes = b"", data: bytes = b"") -> bytes:
    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = part(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0))
    between = part(chunk, data) if chunk else b""
    return b"\x89PNG\r\n\x1a\n" + head + between + part(b"IDAT", _packed(50 << 20)) + part(b"IEND", b"")


def _forms() -> bytes:
    """Thirty forms, each drawing the next ten times."""
    use = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<</XObject<</F %d 0 R>>>>"
    own = {number: _stream(use % (number + 1), b"/F Do " * 10) for number in range(5, 35)}
    return _page(b"/F Do", resources=b"/XObject<</F 5 0 R>>", more={**own, 35: _stream(use % 35, b"0 0 m 1 1 l S")})


def _deep(levels: int) -> bytes:
    tree = {number: b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 1) for number in range(2, levels + 2)}
    return _pdf({**CATALOG, **tree, levels + 2: LEAF % b""})


def _many(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    tree = {2: b"<</Type/Pages/Kids[" + kids + b"]/Count %d>>" % count}
    return _pdf({**CATALOG, **tree, **{number: LEAF % b"" for number in range(3, count + 3)}})


def _scan() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (1600, 2200), "white").save(
        out, "PDF", save_all=True, append_images=[Image.new("RGB", (900, 900))]
    )
    return out.getvalue()


LOCK = b"<</Filter/Standard/V 2/R 3/Length 128/P -4/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">>>"
FLATE, RGB, GREY = b"/Filter/FlateDecode", b"/BitsPerComponent 8/ColorSpace/DeviceRGB", b"/ColorSpace/DeviceGray"
BIT = b"/BitsPerComponent 1" + GREY
MESH = b"/ShadingType 4/ColorSpace/DeviceRGB/BitsPerCoordinate 8/BitsPerComponent 8/BitsPerFlag 8"
BOMBS: dict[str, Callable[[], bytes]] = {
    "PDF, 30,000 × 30,000 in colour": lambda: _image(30_000, RGB + FLATE, _packed(2_700 << 20)),
    "PDF, 60,000 × 60,000, one bit": lambda: _image(60_000, BIT + FLATE, _packed(450 << 20)),
    "PDF, deflated three times over": lambda: _image(
        20_000,
        b"/BitsPerComponent 8" + GREY + b"/Filter[/FlateDecode/FlateDecode/FlateDecode]",
        zlib.compress(zlib.compress(_packed(1_000 << 20))),
    ),
    "PDF, JBIG2 of 60,000 × 60,000": lambda: _image(60_000, BIT + b"/Filter/JBIG2Decode", _jbig2(60_000)),
    "PDF, JBIG2 that says 4,294,967,280": lambda: _image(100, BIT + b"/Filter/JBIG2Decode", _jbig2(0xFFFFFFF0)),
    "PDF, JPEG 2000 that says 30,000": lambda: _image(30_000, RGB + b"/Filter/JPXDecode", _lying("JPEG2000", 30_000)),
    "PDF, progressive JPEG that says 20,000": lambda: _image(
        20_000, RGB + b"/Filter/DCTDecode", _lying("JPEG", 20_000)
    ),
    "PDF, page description of 1 GB": lambda: _page(_packed(1_000 << 20), FLATE),
    "PDF, 36 million strokes": lambda: _page(_packed(650 << 20, b"0 0 m 600 800 l S\n" * 60_000), FLATE),
    "PDF, 3 million states saved": lambda: _page(zlib.compress(b"q " * 3_000_000), FLATE),
    "PDF, forms that draw forms, 10^30": _forms,
    "PDF, mesh of 600 MB": lambda: _page(
        b"/S sh",
        resources=b"/Shading<</S 5 0 R>>",
        more={5: _stream(MESH + b"/Decode[0 600 0 800 0 1 0 1 0 1]" + FLATE, _packed(600 << 20))},
    ),
    "PDF, tiles a thousandth of a point wide": lambda: _page(
        b"/Pattern cs /P scn 0 0 600 800 re f",
        resources=b"/Pattern<</P 5 0 R>>",
        more={
            5: _stream(
                b"/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep 0.001/YStep 0.001/Resources<<>>",
                b"0 0 1 1 re f",
            )
        },
    ),
    "PDF, arrays 2 million deep": lambda: _page(zlib.compress(b"[" * 2_000_000 + b"0 d"), FLATE),
    "PDF, page tree 20,000 deep": lambda: _deep(20_000),
    "PDF, 10,000 pages": lambda: _many(10_000),
    "PDF with a password": lambda: _pdf({**CATALOG, 3: LEAF % b"", 9: LOCK}, b"/Encrypt 9 0 R/ID[<41><41>]"),
    "PDF, cut off in the middle": lambda: _scan()[: len(_scan()) // 2],
    "PNG of 30,000 × 30,000": lambda: _png(30_000),
    "PNG, colour profile of 2 GB": lambda: _png(100, b"iCCP", b"x\0\0" + _packed(2_000 << 20)),
    "PNG, comment of 900 MB": lambda: _png(100, b"zTXt", b"x\0\0" + _packed(900 << 20)),
    "JPEG that says 65,500": lambda: _lying("JPEG", 65_500),
}

if __name__ == "__main__":
    main()
