"""What does the website export? Messages as JSON, and the same kind of messages that came by mail, as one mbox."""

from __future__ import annotations

import json
import mailbox
from collections.abc import Sequence
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path

from huixiang.simulation.bank import Bank
from huixiang.simulation.bank.customers import FIRST_NUMBER
from huixiang.simulation.events.voices import Said
from huixiang.simulation.moments import aware

BY_MAIL = 5  # one message in five comes by mail
CHARSETS = ("utf-8", "utf-8", "gb18030", "big5")  # of those whose words the charset has
SUBJECTS = {"negative": "投诉与建议", "neutral": "咨询", "positive": "表扬"}


def write(folder: Path, bank: Bank, said: Sequence[Said]) -> tuple[list[tuple[str, Said]], list[tuple[str, Said]]]:
    """`website/messages.json` and `website/mails.mbox`; returns the voices of each with their numbers."""
    first = bank.scenario.first_day
    numbered = [(f"W{place:07d}", voice) for place, voice in enumerate(said, 1)]
    mailed = [pair for place, pair in enumerate(numbered) if place % BY_MAIL == 0]
    posted = [pair for place, pair in enumerate(numbered) if place % BY_MAIL]
    (folder / "website").mkdir(parents=True, exist_ok=True)
    _json(folder / "website" / "messages.json", bank, first, posted)
    _mbox(folder / "website" / "mails.mbox", first, mailed)
    return posted, mailed


def _json(path: Path, bank: Bank, first: date, told: Sequence[tuple[str, Said]]) -> None:
    rows = [
        {
            "id": number,
            "submitted_at": aware(first, voice.day, voice.second).isoformat(),
            "branch": bank.network.codes[voice.outlet] if voice.outlet >= 0 else "",
            "customer_no": f"C{FIRST_NUMBER + voice.customer}",
            "subject": SUBJECTS[voice.utterance.sentiment],
            "content": voice.utterance.text,
        }
        for number, voice in told
    ]
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text(f"[\n{lines}\n]\n", "utf-8")


def _mbox(path: Path, first: date, told: Sequence[tuple[str, Said]]) -> None:
    box = mailbox.mbox(path)
    for place, (number, voice) in enumerate(told):
        at = aware(first, voice.day, voice.second)
        mail = EmailMessage()
        mail["From"] = f"c{FIRST_NUMBER + voice.customer}@mail.example"
        mail["To"] = "service@bank.example"
        mail["Subject"] = SUBJECTS[voice.utterance.sentiment]
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{number}@mail.example>"
        mail.set_content(voice.utterance.text, charset=_charset(voice.utterance.text, place), cte="base64")
        kept = mailbox.mboxMessage(mail.as_bytes())  # of a message it would make a deep copy
        kept.set_from(f"c{FIRST_NUMBER + voice.customer}@mail.example", at.utctimetuple())
        box.add(kept)
    box.flush()
    box.close()


def _charset(text: str, place: int) -> str:
    """As mail programs choose: the old charsets only where they have every character."""
    wanted = CHARSETS[place % len(CHARSETS)]
    try:
        text.encode(wanted)
    except UnicodeEncodeError:
        return "utf-8"
    return wanted
