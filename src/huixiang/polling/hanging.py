"""What if the other side never comes to an end? At the deadline its connection is shut, whatever it is doing.

Time limits of a socket begin anew with each byte; who sends one byte a second would be listened to for ever.
"""

from __future__ import annotations

import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import urllib3
from imapclient.exceptions import IMAPClientError, LoginError

from huixiang.channels.contract import Fault, marked
from huixiang.polling.doors import VARIABLE, Place


class Watch:
    """Shuts the connection at the deadline, and remembers that it did. `place`: with whom we speak at present."""

    def __init__(self, seconds: float, place: Place) -> None:
        self.seconds, self.place, self.is_over = seconds, place, False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True

    def __enter__(self) -> Watch:
        self._timer.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._timer.cancel()
        self._let_go()

    def over(self, connection: socket.socket) -> None:
        """Told of each connection at once, before TLS and greeting: a handshake can hang too.

        A second handle is kept, since TLS takes the first one away.
        """
        self._let_go()
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))
        if self.is_over:
            self._end()

    def _let_go(self) -> None:
        if self._socket is not None:
            self._socket.close()

    def _end(self) -> None:
        self.is_over = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


# The most special first: what is said of each, in words that tell whom to ask.
_SAID: list[tuple[type[BaseException] | tuple[type[BaseException], ...], str]] = [
    (ssl.SSLCertVerificationError, marked("“%(origin)s”的证书无法核验（%(reason)s）；请管理员核对 %(variable)s")),
    (ssl.SSLError, marked("与“%(origin)s”的加密连接没有建立（%(reason)s）；请核对端口和协议")),
    (LoginError, marked("“%(origin)s”不接受这个账号或密码；请核对，必要时用邮箱的客户端授权码")),
    ((TimeoutError, urllib3.exceptions.TimeoutError), marked("“%(origin)s”没有及时应答；会稍后再试")),
    (socket.gaierror, marked("找不到主机“%(origin)s”；请核对地址")),
    (ConnectionRefusedError, marked("“%(origin)s”拒绝连接；请核对端口，或稍后再试")),
    ((OSError, urllib3.exceptions.HTTPError, IMAPClientError, EOFError),
     marked("“%(origin)s”断开了（%(reason)s）；会稍后再试")),
]  # fmt: skip


@contextmanager
def within(seconds: float, place: Place, variable: str = VARIABLE) -> Iterator[Watch]:
    """Work with the other side inside; whatever it does wrong leaves as a Fault."""
    with Watch(seconds, place) as watch:
        try:
            yield watch
        except Fault:
            raise
        except (OSError, EOFError, urllib3.exceptions.HTTPError, IMAPClientError, ValueError) as error:
            raise _told(error, watch, variable) from None


def _told(error: BaseException, watch: Watch, variable: str) -> Fault:
    place = watch.place
    if watch.is_over:
        return Fault(
            "“%(origin)s”在 %(seconds)s 秒内没有传完，已断开；会稍后再试", origin=str(place), seconds=int(watch.seconds)
        )
    cause = _cause(error)
    message = next((said for kinds, said in _SAID if isinstance(cause, kinds)), _SAID[-1][1])
    params = {"origin": str(place), "reason": _reason(cause), "variable": f"{variable}_CA"}
    return Fault(message, **{name: value for name, value in params.items() if f"%({name})s" in message})


def _cause(error: BaseException) -> BaseException:
    """urllib3 wraps what the system said."""
    inner = error.__cause__ or error.__context__
    known = (ssl.SSLError, TimeoutError, socket.gaierror, ConnectionRefusedError)
    if isinstance(error, (LoginError, *known)):
        return error
    return inner if isinstance(inner, known) else error


def _reason(error: BaseException) -> str:
    """The kind of failure; a server's own words might quote an account."""
    return str(getattr(error, "verify_message", "") or type(error).__name__)
