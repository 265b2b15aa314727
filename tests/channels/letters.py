"""Mails for tests, byte by byte as programs write them: `letter("排队太久", subject="投诉")`."""

from __future__ import annotations

from email.header import Header


def letter(
    text: str = "排队太久",
    *,
    subject: str = "投诉",
    number: str = "1",
    sender: str = "wang@mail.example",
    charset: str = "utf-8",
    declared: str = "",
    **headers: str,
) -> bytes:
    """One mail. `charset` is what its text is in, `declared` what it says; further headers by name, _ for -."""
    lines = {
        "From": f"=?utf-8?b?546L6Iqz?= <{sender}>",
        "To": "kefu@bank.example",
        "Subject": Header(subject, "utf-8").encode(),
        "Date": "Tue, 03 Nov 2026 10:20:33 +0800",
        "Message-ID": f"<m{number}@mail.example>",
        "MIME-Version": "1.0",
        "Content-Type": f"text/plain; charset={declared or charset}",
        "Content-Transfer-Encoding": "8bit",
    } | {name.replace("_", "-"): value for name, value in headers.items()}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
    return head.encode("utf-8", "surrogateescape") + b"\r\n" + text.replace("\n", "\r\n").encode(charset) + b"\r\n"


def mbox(*mails: bytes) -> bytes:
    """A box as mboxrd has it."""
    escaped = (
        b"".join(b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in _lines(mail))
        for mail in mails
    )
    return b"".join(b"From - Tue Nov  3 10:20:33 2026\n" + mail + b"\n" for mail in escaped)


def _lines(mail: bytes) -> list[bytes]:
    return mail.replace(b"\r\n", b"\n").splitlines(keepends=True)
