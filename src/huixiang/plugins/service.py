"""Which outside models has the administrator named? None, unless the environment says so.

HUIXIANG_LLM_… names a chat endpoint, HUIXIANG_EMBEDDINGS_… one of vectors; docs/guide/plug-ins.md lists them. It needs
no settings, since `huixiang understand` runs without Django.
"""

from __future__ import annotations

import ipaddress
import os
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from huixiang.channels.contract import Fault
from huixiang.plugins.ledger import Ledger, key_of

CHAT, EMBEDDINGS = "llm", "embeddings"
PREFIXES = {CHAT: "HUIXIANG_LLM_", EMBEDDINGS: "HUIXIANG_EMBEDDINGS_"}
FORMATS = ("json_schema", "json_object", "none")
LEDGER = Path("plugins") / "ledger.sqlite3"
_ON = {"on": True, "1": True, "true": True, "yes": True, "off": False, "0": False, "false": False, "no": False}


@dataclass(frozen=True, slots=True)
class Budget:
    """How much may be asked? When it is used up, the rest is left to the built-in rules."""

    requests_a_day: int = 5_000
    tokens_a_day: int = 20_000_000
    requests_a_run: int = 2_000
    tokens_a_run: int = 10_000_000


@dataclass(frozen=True, slots=True)
class Service:
    """An endpoint that speaks OpenAI's protocol. The key is in no repr, and so in no log and no traceback."""

    name: str
    url: str  # up to /v1, without a slash at its end
    model: str
    key: str = field(default="", repr=False)
    budget: Budget = Budget()
    timeout_seconds: float = 60.0
    concurrency: int = 4
    authorities: str = ""  # a file of the bank's own certificate authorities
    answers: str = "json_schema"
    thinking_tokens: int = 0  # of a model that reasons before it answers, besides those of the answer

    @property
    def host(self) -> str:
        """Where does text go? Host and port."""
        parts = urlsplit(self.url)
        return f"{parts.hostname}:{parts.port or (443 if parts.scheme == 'https' else 80)}"

    @property
    def is_encrypted(self) -> bool:
        return self.url.startswith("https:")

    def trust(self) -> ssl.SSLContext | None:
        """Certificates are always verified: by the system's authorities, or by the bank's own alone. Raises Fault."""
        if not self.is_encrypted:
            return None
        try:
            return ssl.create_default_context(cafile=self.authorities or None)
        except OSError as error:
            variable, reason = f"{PREFIXES[self.name]}CA", error.strerror or type(error).__name__
            raise Fault("%(variable)s 指的证书文件不能使用（%(reason)s）", variable=variable, reason=reason) from None


def named(name: str, given: Mapping[str, str] | None = None) -> Service | None:
    """The service CHAT or EMBEDDINGS as the environment (or `given`) names it; None where it names no URL.

    Raises Fault for what cannot be meant: better no start than text on its way to a wrong place.
    """
    found = _Variables(PREFIXES[name], os.environ if given is None else given)
    if not found.text("URL"):
        return None
    if not found.text("MODEL"):
        raise Fault("缺少 %(variable)s：请写模型的名称", variable=f"{PREFIXES[name]}MODEL")
    return Service(
        name,
        _url(found),
        found.text("MODEL"),
        _key(found),
        _budget(found),
        found.number("TIMEOUT", 60, 600),
        found.number("CONCURRENCY", 4, 64),
        found.text("CA"),
        found.choice("FORMAT", FORMATS),
        found.number("THINKING", 0, 100_000),
    )


def folder() -> Path:
    """Where does the ledger lie for a command without Django? As web/settings.py has it."""
    return Path(os.environ.get("HUIXIANG_DATA", "").strip() or "var").expanduser().resolve()


def ledger() -> Ledger:
    """The ledger for a command without Django, under the same masking key as web/settings.py has it. Raises Fault."""
    return Ledger(folder() / LEDGER, key_of(os.environ.get("HUIXIANG_MASKING_KEY") or "demo-only-masking-key"))


class _Variables:
    def __init__(self, prefix: str, given: Mapping[str, str]) -> None:
        self._prefix, self._given = prefix, given

    def text(self, name: str) -> str:
        return self._given.get(f"{self._prefix}{name}", "").strip()

    def wrong(self, name: str, wanted: str) -> Fault:
        """The value is not told: a key may have been put into the wrong variable."""
        return Fault("%(variable)s 的值不行；%(wanted)s", variable=f"{self._prefix}{name}", wanted=wanted)

    def number(self, name: str, default: int, most: int) -> int:
        value = self.text(name) or str(default)
        if not value.isascii() or not value.isdigit() or not min(1, default) <= int(value) <= most:
            raise self.wrong(name, f"{min(1, default)}–{most}")
        return int(value)

    def choice(self, name: str, known: tuple[str, ...]) -> str:
        value = self.text(name).lower() or known[0]
        if value not in known:
            raise self.wrong(name, " / ".join(known))
        return value


def _url(found: _Variables) -> str:
    """A plain URL of http(s). Without TLS only on this machine, unless the administrator says it in so many words."""
    example = "https://llm.bank.example/v1"
    try:
        parts = urlsplit(found.text("URL"))
        host, _port = parts.hostname, parts.port
    except ValueError:
        raise found.wrong("URL", example) from None
    if parts.scheme not in {"http", "https"} or not host or parts.username or parts.query or parts.fragment:
        raise found.wrong("URL", example)
    if parts.scheme == "http" and not _on_this_machine(host) and not _ON[found.choice("PLAIN_HTTP", ("off", *_ON))]:
        raise found.wrong("URL", f"https://…；PLAIN_HTTP=on: http://{host}")
    return found.text("URL").rstrip("/")


def _on_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _key(found: _Variables) -> str:
    key = found.text("KEY")
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise found.wrong("KEY", "ASCII")
    return key


def _budget(found: _Variables) -> Budget:
    """requests_a_day=2000,tokens_a_day=2000000 …; what is not named keeps its default."""
    example = "requests_a_day=2000,tokens_a_day=2000000,requests_a_run=500,tokens_a_run=1000000"
    told: dict[str, int] = {}
    for part in filter(None, (part.strip() for part in found.text("BUDGET").split(","))):
        name, _, value = (each.strip() for each in part.partition("="))
        if name not in Budget.__dataclass_fields__ or not (value.isascii() and value.isdigit()) or len(value) > 15:
            raise found.wrong("BUDGET", example)
        told[name] = int(value)
    return Budget(**told)
