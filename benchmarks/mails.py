"""How fast are mails and feeds read, beside the plain parser of the same file? MB in a second of processor time.

    .venv/bin/python -m benchmarks.mails [--mb 20] [--only mbox]

"rows" is the reader alone, "records" with the making of records. The plain parsers do less: they neither cut quotations
nor sniff charsets nor refuse anything.
"""

from __future__ import annotations

import argparse
import email
import email.policy
import mailbox
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import feedparser

from huixiang.channels import registry
from huixiang.channels.contract import Defaults, Fault, Refused
from huixiang.domain.feedback import Channel

SAYINGS = (
    "在网点排队等了一个多小时，只开了一个窗口，叫号机也坏了，请改进。",
    "手机银行转账的时候总是闪退，试了三次都不行，客服电话也一直占线。",
    "柜员态度很好，耐心解答了我的问题，值得表扬，谢谢。",
)
QUOTE = "\n\n在 2026年11月3日，10:20，客服 <kf@bank.example> 写道：\n> 您好，请提供卡号。\n> 谢谢。\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mb", type=int, default=20, help="size of each file")
    parser.add_argument("--only", default="", help="lines whose title holds this")
    args = parser.parse_args()
    print(f"{'':34}{'MB':>6}{'items':>9}{'rows MB/s':>11}{'records':>9}{'plain':>8}  plain parser")
    with tempfile.TemporaryDirectory() as folder:
        mails_and_feeds(Path(folder), args.mb, args.only)
    print(f"peak memory of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB")


def mails_and_feeds(folder: Path, mb: int, only: str) -> None:
    """Mails of three kinds (plain UTF-8, GBK in HTML, with a picture of 60 kB), and feeds of short posts."""
    if only in (title := "mbox, letters"):
        report(title, "mbox", _written(folder / "a.mbox", _boxed(_letters()), mb), _by_mailbox, "mailbox + email")
    if only in (title := "mbox, with attachments"):
        report(title, "mbox", _written(folder / "b.mbox", _boxed(_enclosing()), mb), _by_mailbox, "mailbox + email")
    if only in (title := "eml, a folder of 2,000"):
        report(title, "eml", _folder(folder / "eml"), _by_email, "email")
    if only in (title := "rss"):
        report(title, "rss", _written(folder / "a.rss", _rss(), max(1, mb // 10)), _by_feedparser, "feedparser")


def _folder(place: Path) -> Path:
    place.mkdir()
    for number, mail in zip(range(2_000), _letters(), strict=False):
        (place / f"{number:05}.eml").write_bytes(mail)
    return place


def report(title: str, form: str, path: Path, plainly: Callable[[Path], object], name: str) -> None:
    """One line of the table."""
    size = sum(each.stat().st_size for each in ([path] if path.is_file() else path.iterdir())) / 1e6
    items, rows = _timed(lambda: sum(1 for _ in registry.find(form).rows(path)))
    _, records = _timed(lambda: sum(_records(form, path)))
    _, plain = _timed(lambda: plainly(path))
    paces = f"{size / rows:>11.1f}{size / records:>9.1f}{size / plain:>8.1f}"
    print(f"{title:34}{size:>6.0f}{items:>9,}{paces}  {name}")


def _timed(work: Callable[[], object]) -> tuple[object, float]:
    begun = time.process_time()
    return work(), time.process_time() - begun


def _records(form: str, path: Path) -> Iterator[int]:
    reader, defaults = registry.find(form), Defaults(channel=Channel.WEBSITE)
    for row in reader.rows(path):
        try:
            yield 0 if isinstance(row, Refused) else bool(reader.record(row, defaults))
        except Fault:
            yield 0


def _by_mailbox(path: Path) -> int:
    read = 0
    for message in mailbox.mbox(path, create=False):
        read += sum(len(part.get_payload(decode=True) or b"") for part in message.walk() if not part.is_multipart())
    return read


def _by_email(folder: Path) -> int:
    read = 0
    for path in folder.iterdir():
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain", "html"))
        read += len(body.get_content()) if body else 0
    return read


def _by_feedparser(path: Path) -> int:
    return len(feedparser.parse(path.read_bytes()).entries)


def _written(path: Path, pieces: Iterator[bytes], mb: int) -> Path:
    end = b"</channel></rss>" if path.suffix == ".rss" else b""
    with path.open("wb") as file:
        for piece in pieces:
            file.write(piece)
            if file.tell() >= mb * 1_000_000:
                break
        file.write(end)
    return path


def _head(number: int, kind: str) -> bytes:
    return (
        "Received: from mx.bank.example by store.bank.example; Tue, 03 Nov 2026 10:20:40 +0800\r\n"
        f"From: =?utf-8?b?546L6Iqz?= <c{number}@mail.example>\r\nTo: kefu@bank.example\r\n"
        "Subject: =?utf-8?b?5o6S6Zif5aSq5LmF?=\r\nDate: Tue, 03 Nov 2026 10:20:33 +0800\r\n"
        f"Message-ID: <{number}@mail.example>\r\nMIME-Version: 1.0\r\nContent-Type: {kind}\r\n"
    ).encode()


def _letters() -> Iterator[bytes]:
    number = 0
    while True:
        number += 1
        text = "\n".join(SAYINGS) * 2 + f"（{number}）" + QUOTE
        if number % 3:
            head, body = _head(number, "text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit"), text.encode()
        else:
            head = _head(number, "text/html; charset=gb2312\r\nContent-Transfer-Encoding: 8bit")
            lines = "".join(f"<div style='color:#333'>{line}</div>" for line in text.split("\n"))
            body = f"<html><head><style>p{{}}</style></head><body>{lines}</body></html>".encode("gb18030")
        yield head + b"\r\n" + body + b"\r\n"


def _enclosing() -> Iterator[bytes]:
    picture = (b"A" * 76 + b"\r\n") * 780
    number = 0
    while True:
        number += 1
        text = "\n".join(SAYINGS).encode()
        yield b"".join(
            [
                _head(number, "multipart/mixed; boundary=b"),
                b"\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + text + b"\r\n--b\r\n",
                b"Content-Type: image/png; name=a.png\r\nContent-Transfer-Encoding: base64\r\n",
                b"Content-Disposition: attachment; filename=a.png\r\n\r\n" + picture + b"--b--\r\n",
            ]
        )


def _boxed(mails: Iterator[bytes]) -> Iterator[bytes]:
    return (b"From - Tue Nov  3 10:20:33 2026\n" + mail.replace(b"\r\n", b"\n") + b"\n" for mail in mails)


def _rss() -> Iterator[bytes]:
    yield b'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>t</title><link>https://b/</link>'
    number = 0
    while True:
        number += 1
        said = f"&lt;p&gt;{'&lt;br&gt;'.join(SAYINGS)}&lt;/p&gt;"
        when = "<pubDate>Tue, 03 Nov 2026 10:20:33 +0800</pubDate>"
        about = f"<guid>{number}</guid><title>第{number}帖</title>{when}"
        yield f"<item>{about}<description>{said}</description></item>".encode()


if __name__ == "__main__":
    main()
