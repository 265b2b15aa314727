"""What does the website export? Messages as JSON, and the same kind of messages that came by mail, as one mbox."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Iterable, Iterator
from email.generator import BytesGenerator
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.customers import TIERS
from huixiang.simulation.exports.waiting import Text
from huixiang.simulation.moments import aware

POSTED, MAILED = "website/messages.json", "website/mails.mbox"
BY_MAIL = 5  # one message in five comes by mail
CHARSETS = ("utf-8", "utf-8", "gb18030", "big5")  # of those whose words the charset has
SUBJECTS = {"negative": "投诉与建议", "neutral": "咨询", "positive": "表扬"}


class Messages:
    """`website/messages.json` and `website/mails.mbox`."""

    def __init__(self, folder: Path, bank: Bank) -> None:
        self._bank, self._count = bank, 0
        (folder / "website").mkdir(parents=True, exist_ok=True)
        self._json = (folder / POSTED).open("w", encoding="utf-8")
        self._json.write("[\n")
        self._mails = (folder / MAILED).open("wb")

    def write(self, texts: Iterable[Text]) -> Iterator[tuple[str, str, Text]]:
        """The next in order of time; yields each with file and number."""
        for place, voice in enumerate(texts, self._count):
            number, self._count = f"W{place + 1:07d}", place + 1
            if place % BY_MAIL == 0:
                self._mail(number, voice, place // BY_MAIL)
                yield MAILED, number, voice
            else:
                self._json.write((",\n" if place > 1 else "") + self._row(number, voice))
                yield POSTED, number, voice

    def close(self) -> None:
        """Finish the files."""
        self._json.write("\n]\n")
        self._json.close()
        self._mails.close()

    def _row(self, number: str, voice: Text) -> str:
        bank = self._bank
        row = {
            "id": number,
            "submitted_at": aware(bank.scenario.first_day, voice.day, voice.second).isoformat(),
            "branch": bank.network.codes[voice.outlet] if voice.outlet >= 0 else "",
            "customer_no": f"C{bank.customers.known_as[voice.customer]}",
            "customer_tier": TIERS[bank.customers.tier[voice.customer]],
            "subject": SUBJECTS[voice.sentiment],
            "content": voice.text,
        }
        return json.dumps(row, ensure_ascii=False)

    def _mail(self, number: str, voice: Text, place: int) -> None:
        at = aware(self._bank.scenario.first_day, voice.day, voice.second)
        sender = f"c{self._bank.customers.known_as[voice.customer]}"
        mail = EmailMessage()
        mail["From"] = f"{sender}@mail.example"
        mail["To"] = "service@bank.example"
        mail["Subject"] = SUBJECTS[voice.sentiment]
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{number}@mail.example>"
        mail.set_content(voice.text, charset=_charset(voice.text, place), cte="base64")
        kept = mailbox.mboxMessage(mail.as_bytes())
        kept.set_from(f"{sender}@mail.example", at.utctimetuple())
        # As mailbox.mbox would add it, which keeps the places of all mails in memory.
        self._mails.write(f"From {kept.get_from()}\n".encode("ascii"))
        BytesGenerator(self._mails, mangle_from_=True, maxheaderlen=0).flatten(kept)
        self._mails.write(b"\n")


def _charset(text: str, place: int) -> str:
    """As mail programs choose: the old charsets only where they have every character."""
    wanted = CHARSETS[place % len(CHARSETS)]
    try:
        text.encode(wanted)
    except UnicodeEncodeError:
        return "utf-8"
    return wanted
