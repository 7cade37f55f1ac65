"""The service behind nginx of Debian's packages, with the shipped configuration, below a path prefix."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.helpers import ROOT
from tests.helpers.serving import debian, free_port, stop, wait_until_up

CONFIG = ROOT / "deploy" / "nginx.conf"


class Gateway(NamedTuple):
    """Where the gateway answers, what its callers must trust, and its log."""

    url: str
    certificate: Path
    log: Path

    @property
    def port(self) -> int:
        return int(self.url.partition("localhost:")[2].partition("/")[0])


def configured(folder: Path, backend: str, port: int, second: str = "") -> Path:
    """The shipped configuration with the addresses and paths of this test."""
    text = CONFIG.read_text()
    changes = {
        "server slantwise:8000 ": f"server {backend.removeprefix('http://')} ",
        "server slantwise-2:8000 ": f"server {(second or backend).removeprefix('http://')} ",
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "/etc/nginx/tls": str(folder),
        "/etc/nginx/slantwise-keys.map": str(folder / "keys.map"),
        "pid /run/nginx.pid;": f"pid {folder}/nginx.pid;",
        "/var/cache/nginx/slantwise": str(folder / "cache"),
        "/dev/stdout": str(folder / "access.log"),
        "/dev/stderr": str(folder / "error.log"),
        "worker_processes auto;": "worker_processes 1;",
        "http {": "http {\n" + "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in TEMPORARY),
    }
    for shipped, here in changes.items():
        assert shipped in text, shipped
        text = text.replace(shipped, here)
    path = folder / "nginx.conf"
    path.write_text(text)
    return path


TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def certify(folder: Path) -> Path:
    """A certificate for localhost, signed by itself."""
    certificate = folder / "tls.crt"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", folder / "tls.key", "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate


@contextmanager
def in_front_of(backend: str, folder: Path, second: str = "") -> Iterator[Gateway]:
    """Start the shipped gateway before one or two replicas. Its callers have ``key-10`` to ``key-209``."""
    folder.chmod(0o755)
    certificate, port = certify(folder), free_port()
    (folder / "keys.map").write_text("".join(f'"key-{n}" caller-{n};\n' for n in range(10, 210)))
    config = configured(folder, backend, port, second)
    # The worker keeps the user of this test, who owns the folder.
    command = [debian("nginx"), "-e", folder / "error.log", "-c", config, "-g", "daemon off; user root;"]
    process = subprocess.Popen(command)
    try:
        wait_until_up(port)
        yield Gateway(f"https://localhost:{port}/bias", certificate, folder / "access.log")
    finally:
        stop(process)
