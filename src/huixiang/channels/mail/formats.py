"""Mails as a channel: an mbox, or EML files. One mail is one voice, known by its Message-ID wherever it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from huixiang.channels import mapping_file
from huixiang.channels.contract import Aside, Defaults, Meter, Refused, Row, marked
from huixiang.channels.mail import boxes, letters
from huixiang.channels.recording import Recorder
from huixiang.domain.feedback import Channel, Record

Mails = Callable[[Path, Meter | None], Iterator[tuple[int, bytes | None]]]
MAPPING = Path(__file__).parent.parent / "mappings" / "mail.toml"


class MailFormat:
    """Of the website's channel unless told otherwise. What a machine wrote is kept aside, and why."""

    def __init__(self, name: str, title: str, suffixes: tuple[str, ...], mails: Mails) -> None:
        self.name, self.title, self.suffixes, self._mails = name, title, suffixes, mails
        self._recorder = Recorder(mapping_file.parse(MAPPING.read_text("utf-8")))

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        for number, mail in self._mails(path, meter):
            yield _too_large(number) if mail is None else _aside(letters.row(number, mail))

    def record(self, row: Row, defaults: Defaults) -> Record:
        if automatic := row.fields.get(letters.AUTOMATIC):
            raise Aside(
                "第 %(row)s 封邮件是%(reason)s，不是客户来信，已另放；确是客户来信时，请清空“%(column)s”后重试",
                column=letters.AUTOMATIC,
                row=row.number,
                reason=marked(automatic),
            )
        return self._recorder.record(row, replace(defaults, channel=defaults.channel or Channel.WEBSITE))


def _aside(row: Row | Refused) -> Row | Refused:
    """A broken mail says nothing of the others: the file is what it seems to be."""
    return replace(row, fault=Aside.of(row.fault)) if isinstance(row, Refused) else row


def _too_large(number: int) -> Refused:
    most = letters.LARGEST >> 20
    fault = Aside("第 %(row)s 封邮件超过 %(most)s MB，没有读入；请打开原邮件，把正文填在这里", row=number, most=most)
    return Refused(number, fault, {letters.BODY: ""}, (letters.BODY,))


def formats() -> dict[str, MailFormat]:
    return {
        "mbox": MailFormat("mbox", marked("邮箱文件（mbox）"), (".mbox", ".mbx"), boxes.mails_of_mbox),
        "eml": MailFormat("eml", marked("邮件（EML，可打成 ZIP）"), (".eml", ".zip"), boxes.mails_of_files),
    }
