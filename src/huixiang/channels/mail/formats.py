"""Mails as a channel: an mbox, or EML files. One mail is one voice, known by its sender and Message-ID."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from huixiang.channels import mapping_file
from huixiang.channels.contract import Aside, Defaults, Meter, Refused, Row, marked
from huixiang.channels.mail import boxes, enclosures, letters
from huixiang.channels.mail.enclosures import Enclosure
from huixiang.channels.recording import Recorder
from huixiang.domain.feedback import Channel, Record

Mails = Callable[[Path, Meter | None], Iterator[tuple[int, bytes | None]]]
# A sentence each, so that the quarantine sorts by reason and all of one can be given up at once.
_NO_VOICE = {
    "退信或投递通知": marked("第 %(row)s 封是退信或投递通知，不是客户来信；确是来信时，请清空“%(column)s”后重试"),
    "已读回执": marked("第 %(row)s 封是已读回执，不是客户来信；确是来信时，请清空“%(column)s”后重试"),
    "自动回复": marked("第 %(row)s 封是自动回复，不是客户来信；确是来信时，请清空“%(column)s”后重试"),
    "系统自动发送": marked("第 %(row)s 封由系统自动发送，不是客户来信；确是来信时，请清空“%(column)s”后重试"),
    "群发或邮件列表": marked("第 %(row)s 封是群发或邮件列表，不是客户来信；确是来信时，请清空“%(column)s”后重试"),
    "垃圾邮件": marked("第 %(row)s 封被邮件服务器标为垃圾邮件；确是客户来信时，请清空“%(column)s”后重试"),
}
_OTHER = marked("第 %(row)s 封标有“%(column)s”，不是客户来信；确是来信时，请清空“%(column)s”后重试")
_ENCLOSING = re.compile(rb"name\*?[0*]*=", re.I)  # of a file: most mails enclose none and are passed over fast
MAPPING = Path(__file__).parent.parent / "mappings" / "mail.toml"


class MailFormat:
    """Of the website's channel unless told otherwise. What a machine wrote is kept aside, and why."""

    def __init__(self, name: str, title: str, suffixes: tuple[str, ...], mails: Mails) -> None:
        self.name, self.title, self.suffixes, self._mails = name, title, suffixes, mails
        self._recorder = Recorder(mapping_file.parse(MAPPING.read_text("utf-8")))

    def rows(self, path: Path, meter: Meter | None = None) -> Iterator[Row | Refused]:
        for number, mail in self._mails(path, meter):
            yield _too_large(number) if mail is None else _aside(letters.row(number, mail))

    def enclosing(self, path: Path) -> Iterator[tuple[Row | Refused, list[Enclosure]]]:
        """Each mail that encloses something, with its files in memory."""
        for number, mail in self._mails(path, None):
            if mail is None or not _ENCLOSING.search(mail):
                continue
            if files := _files(mail):
                yield _aside(letters.row(number, mail)), files

    def record(self, row: Row, defaults: Defaults) -> Record:
        if reason := row.fields.get(letters.AUTOMATIC):
            raise Aside(_NO_VOICE.get(reason, _OTHER), column=letters.AUTOMATIC, row=row.number)
        record = self._recorder.record(row, replace(defaults, channel=defaults.channel or Channel.WEBSITE))
        # Whoever writes a mail chooses its Message-ID, and could choose another's: it counts within its sender's.
        return replace(record, series=record.customer or "")


def _files(mail: bytes) -> list[Enclosure]:
    """None of a mail that is made to break its reader: it waits without them."""
    try:
        return list(enclosures.of(mail))
    except Exception:
        return []


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
        "eml": MailFormat("eml", marked("邮件（EML，可打成 ZIP）"), (".eml", ".emlx", ".zip"), boxes.mails_of_files),
    }
