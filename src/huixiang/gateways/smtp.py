"""How does a mail leave? By the bank's own server, one connection for many, certificates always verified."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

from huixiang.gateways.contract import Fate, Leaving, Message, Outcome, may_leave

TIMEOUT_SECONDS = 20.0
_FINAL, _BUSY = 500, 400  # RFC 5321, 4.2.1: 5yz will never do, 4yz may do later


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server. `security`: "tls" from the first byte, "starttls", or "none" where the bank says so."""

    host: str
    port: int
    sender: str
    security: str = "tls"
    user: str = ""
    password: str = field(default="", repr=False)
    authorities: str = ""  # a file of the bank's own certificate authorities

    @property
    def place(self) -> str:
        return f"{self.host}:{self.port}"

    def send(self, messages: Sequence[Message], leaving: Leaving = may_leave) -> Iterator[Outcome]:
        """One connection; where it breaks, what was not taken yet is to be tried later.

        Not so the message that was under way: a mail server knows no ids, so it would be sent twice.
        """
        left, is_away = list(messages), False
        try:
            with self._connected() as line:
                while left:
                    if not leaving(left[0]):
                        return
                    is_away = True
                    outcome = self._sent(line, left[0])
                    is_away = False
                    del left[0]
                    yield outcome
        except (OSError, smtplib.SMTPException) as error:
            if is_away:
                yield Outcome(left.pop(0).id, Fate.UNSURE, _told(error))
            for message in left:
                yield Outcome(message.id, Fate.LATER, _told(error))

    def _connected(self) -> smtplib.SMTP:
        if self.security == "tls":
            line: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=self._trust())
        else:
            line = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        try:
            if self.security == "starttls":
                line.starttls(context=self._trust())
            if self.user:
                line.login(self.user, self.password)
        except BaseException:
            line.close()
            raise
        return line

    def _trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.authorities or None)

    def _sent(self, line: smtplib.SMTP, message: Message) -> Outcome:
        """Raises where the connection is gone; a refusal of this one message is an outcome."""
        try:
            mail = self._mail(message)
        except (ValueError, MessageError):
            return Outcome(message.id, Fate.REFUSED, "address")
        try:
            line.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            (code, _words) = next(iter(error.recipients.values()))
            return self._refused(line, message, code)
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            return self._refused(line, message, error.smtp_code)
        except smtplib.SMTPNotSupportedError:
            return Outcome(message.id, Fate.REFUSED, "address")  # letters in it that this server does not take
        return Outcome(message.id, Fate.SENT)

    def _refused(self, line: smtplib.SMTP, message: Message, code: int) -> Outcome:
        with suppress(smtplib.SMTPServerDisconnected):
            line.rset()
        return Outcome(message.id, Fate.REFUSED if code >= _FINAL else Fate.LATER, f"SMTP {code}")

    def _mail(self, message: Message) -> EmailMessage:
        """A line break in a subject or address would begin another header: the standard library refuses it."""
        mail = EmailMessage()
        mail["From"], mail["To"] = self.sender, Address(addr_spec=message.to)
        mail["Subject"], mail["Date"] = message.subject, formatdate(usegmt=True)
        mail["Message-ID"] = f"<{message.id}@{self.sender.rpartition('@')[2].rstrip('>') or self.host}>"
        # RFC 3834: out-of-office robots are not to answer; Exchange wants to be told in its own words.
        mail["Auto-Submitted"] = "auto-replied" if message.is_reply else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
        mail.set_content(message.text)
        for each in message.attachments:
            mail.add_attachment(each.content, maintype="application", subtype="pdf", filename=each.name)
        return mail


def _told(error: Exception) -> str:
    """Kind and code alone: the words of a server may quote the recipient."""
    code = getattr(error, "smtp_code", None)
    return f"SMTP {code}" if code else type(error).__name__
