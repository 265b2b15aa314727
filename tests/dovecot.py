"""A real IMAP server for tests: Dovecot, in a folder of its own, on free ports, with a certificate of its own."""

from __future__ import annotations

import datetime
import getpass
import ipaddress
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import imapclient
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BINARY = shutil.which("dovecot") or "/usr/sbin/dovecot"
SECRET = "s3cret-授权码"
NOBODY = 65534
CONFIG = """\
protocols = imap
base_dir = {place}/run
state_dir = {place}/state
log_path = {place}/log
listen = 127.0.0.1
default_internal_user = {service}
default_internal_group = {group}
default_login_user = {service}
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{place}/cert.pem
ssl_key = <{place}/key.pem
mail_location = maildir:{place}/mail/%u
first_valid_uid = 1
passdb {{
  driver = static
  args = password={secret}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={place}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
auth_failure_delay = 0
"""


def why_not() -> str:
    return "" if Path(BINARY).exists() else "no dovecot here: apt-get install dovecot-imapd"


class Dovecot:
    """Started on entering, gone on leaving. Any account has the one password and an empty INBOX."""

    def __init__(self) -> None:
        self.place = Path(tempfile.mkdtemp(prefix="dovecot-", dir="/tmp"))
        self.place.chmod(0o755)
        self.plain, self.tls = _free_port(), _free_port()
        self.authority = self.place / "cert.pem"
        self._uid, self._gid = (NOBODY, NOBODY) if os.getuid() == 0 else (os.getuid(), os.getgid())

    def __enter__(self) -> Dovecot:
        certificate(self.place)
        (self.place / "mail").mkdir(mode=0o777)
        os.chown(self.place / "mail", self._uid, self._gid)
        root = os.getuid() == 0
        user = "nobody" if root else getpass.getuser()
        values = {"place": self.place, "service": user, "group": "nogroup" if root else user, "secret": SECRET}
        values |= {"uid": self._uid, "gid": self._gid, "plain": self.plain, "tls": self.tls}
        (self.place / "conf").write_text(CONFIG.format(**values))
        self._process = subprocess.Popen([BINARY, "-F", "-c", str(self.place / "conf")], start_new_session=True)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", self.plain)) == 0:
                    return self
            time.sleep(0.05)
        self.__exit__()
        raise RuntimeError(f"dovecot did not start: {(self.place / 'log').read_text()}")

    def __exit__(self, *failure: object) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)  # all of them, at once: there is nothing to save
        self._process.wait(10)
        shutil.rmtree(self.place, ignore_errors=True)

    def client(self, account: str) -> imapclient.IMAPClient:
        """As a mail program would: to put mails in, and to see what became of them."""
        found = imapclient.IMAPClient("127.0.0.1", self.plain, ssl=False, timeout=10)
        found.sasl_login("PLAIN", lambda challenge: f"\0{account}\0{SECRET}".encode())
        return found

    def put(self, account: str, *mails: bytes) -> None:
        with self.client(account) as mailbox:
            for mail in mails:
                mailbox.append("INBOX", mail)

    def flags(self, account: str) -> list[tuple[bytes, ...]]:
        """Of each mail that is still there."""
        with self.client(account) as mailbox:
            mailbox.select_folder("INBOX", readonly=True)
            return [flags for _, flags in sorted(mailbox.get_flags(mailbox.search()).items())]

    @property
    def address(self) -> str:
        return f"imap://127.0.0.1:{self.plain}"

    @property
    def encrypted(self) -> str:
        return f"imaps://127.0.0.1:{self.tls}"


def certificate(place: Path) -> None:
    """Of an authority that no system knows, for 127.0.0.1."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = serialization.PrivateFormat.PKCS8
    (place / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (place / "key.pem").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, private, serialization.NoEncryption())
    )


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
