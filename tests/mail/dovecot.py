"""A real dovecot, started without privileges on a loopback port, with one user and one Maildir."""

import getpass
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from imap_tools import MailBoxUnencrypted

from tests.support.ports import PAUSE, TRIES, free_port

BINARY = "/usr/sbin/dovecot"
USER, PASSWORD = "tips", "not-in-any-log-7391"
CONFIG = """
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
ssl = {ssl}
{certificate}disable_plaintext_auth = no
mail_location = maildir:{root}/mail
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = 1
mail_fsync = never
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={root}/home
}}
"""


@dataclass(frozen=True)
class Server:
    """Where it listens, and its Maildir."""

    port: int
    root: Path
    tls_port: int = 0  # of IMAP over TLS; the other port then offers STARTTLS
    authority: Path = Path()  # the certificate that a client must trust

    def box(self) -> MailBoxUnencrypted:
        """A mail program of somebody else."""
        box = MailBoxUnencrypted("127.0.0.1", self.port)
        box.login(USER, PASSWORD)
        return box

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Deliver mails."""
        with self.box() as box:
            for mail in mails:
                box.append(mail, folder, dt=None)

    def count(self, folder: str) -> int:
        """How many mails lie in a folder; 0 where there is none."""
        with self.box() as box:
            if not box.folder.exists(folder):
                return 0
            box.folder.set(folder)
            return len(box.uids())


def installed() -> bool:
    """Whether the machine has it."""
    return Path(BINARY).exists()


def self_made(folder: Path) -> tuple[Path, Path]:
    """A certificate for «localhost», signed by nobody else; certificate and key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "casework test")])
    now, serial = datetime.now(UTC), x509.random_serial_number()
    made = x509.CertificateBuilder(
        name, name, key.public_key(), serial, now - timedelta(1), now + timedelta(2)
    )
    made = made.add_extension(
        x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False
    )
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    private.chmod(0o600)
    return certificate, private


@contextmanager
def running(tls: bool = False) -> Iterator[Server]:
    """Started, waited for, stopped; never as root: it would refuse."""
    user = "nobody" if os.getuid() == 0 else getpass.getuser()
    known = pwd.getpwnam(user)
    group = grp.getgrgid(known.pw_gid).gr_name
    root, port = Path(tempfile.mkdtemp(prefix="dovecot-")), free_port()
    for folder in ("run", "state", "mail", "home"):
        (root / folder).mkdir()
    certificate, private = self_made(root)
    words = {
        "ssl": "yes",
        "certificate": f"ssl_cert = <{certificate}\nssl_key = <{private}\n",
        "tls_port": free_port(),
    }
    words = words if tls else {"ssl": "no", "certificate": "", "tls_port": 0}
    (root / "conf").write_text(
        CONFIG.format(root=root, user=user, group=group, port=port, password=PASSWORD, **words)
    )
    if os.getuid() == 0:
        for path in (root, *root.iterdir()):
            os.chown(path, known.pw_uid, known.pw_gid)
    drop = {"user": user, "group": known.pw_gid, "extra_groups": []} if os.getuid() == 0 else {}
    process = subprocess.Popen(
        [BINARY, "-F", "-c", str(root / "conf")], start_new_session=True, **drop
    )  # type: ignore[call-overload]
    try:
        _wait(port, process, root)
        yield Server(port, root, int(words["tls_port"]), certificate)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(root, ignore_errors=True)


def _wait(port: int, process: "subprocess.Popen[bytes]", root: Path) -> None:
    for _ in range(TRIES):
        if process.poll() is not None:
            break
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(PAUSE)
    log = root / "log"
    raise RuntimeError("dovecot did not start: " + (log.read_text() if log.exists() else "no log"))
