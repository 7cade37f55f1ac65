"""Builds the image without a daemon and serves from it as its user on a read-only root: ``make image``.

buildah does the Dockerfile's steps in a chroot. Where no registry of images is reached, ``BASE=debian``
makes a base from Debian's packages: the same Debian and its own Python 3.11. Needs root and
buildah, and debootstrap for that.
"""

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build" / "image"
BUILDAH = (
    "buildah",
    "--storage-driver",
    "vfs",
    "--root",
    str(BUILD / "storage"),
    "--runroot",
    str(BUILD / "run"),
)
IMAGE = "localhost/slantwise"
DEBIAN_BASE = "localhost/python-debian:bookworm"
PACKAGES = "ca-certificates,netbase,tzdata,python3,python3-pip,python3-venv"
AUTHORITIES = "/etc/ssl/certs"
PORT = "18080"
PATIENCE_SECONDS = 60


def run(*command: str, **how: Any) -> str:
    """Run a command and return what it printed. Its faults go to the terminal."""
    return str(subprocess.check_output(command, text=True, **how)).strip()  # noqa: S603


def debian_base() -> str:
    """Make an image from Debian's packages that the Dockerfile can start from, and return its name."""
    folder = BUILD / "base"
    if not (folder / "usr/bin/python3").exists():
        run("debootstrap", "--variant=minbase", f"--include={PACKAGES}", "bookworm", str(folder))
    for name, program in (("python", "python3"), ("pip", "pip3")):
        link = folder / "usr/local/bin" / name
        link.unlink(missing_ok=True)
        link.symlink_to(f"/usr/bin/{program}")
    container = run(*BUILDAH, "from", "scratch")
    run(*BUILDAH, "add", container, str(folder), "/")
    run(*BUILDAH, "commit", "--rm", container, DEBIAN_BASE)
    return DEBIAN_BASE


def build(base: str) -> None:
    """Do the steps of the Dockerfile from ``base``."""
    pull = "--pull-never" if base == DEBIAN_BASE else "--pull"
    commit = run("git", "rev-parse", "HEAD", cwd=ROOT)
    given = ("--build-arg", f"BASE={base}", "--build-arg", f"COMMIT={commit}")
    how = ("--format", "docker", "--isolation", "chroot", "--network", "host", pull)
    # The packages come from where this machine gets them, by the authorities that it trusts.
    trusted = ("--volume", f"{AUTHORITIES}:{AUTHORITIES}:ro")
    run(*BUILDAH, "build", *how, *given, *trusted, "-t", IMAGE, str(ROOT))


def started(place: str, config: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    """Start what the image starts, as its user, below ``place`` with nothing but /dev/shm to write to."""
    confine = (
        'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0"'
        ' && mount -t tmpfs tmpfs "$0/dev" && mkdir -m 1777 "$0/dev/shm"'
        ' && mknod -m 666 "$0/dev/null" c 1 3 && mknod -m 444 "$0/dev/urandom" c 1 9'
        ' && mount -t proc proc "$0/proc"'
        ' && exec setpriv --no-new-privs chroot --userspec="$1" "$0" env -i "${@:2}"'
    )
    environ = [*config["Env"], f"PORT={PORT}"]
    start = ("sh", "-c", 'cd "$0" && exec "$@"', config["WorkingDir"], *config["Entrypoint"], *config["Cmd"])
    command = ("unshare", "--mount", "bash", "-c", confine, place, config["User"], *environ, *start)
    return subprocess.Popen(command)  # noqa: S603


def answer(path: str, body: bytes | None = None) -> Any:
    """Return the service's answer."""
    request = Request(f"http://127.0.0.1:{PORT}{path}", body, {"Content-Type": "application/json"})
    with urlopen(request, timeout=5) as found:  # noqa: S310  # our own server
        return json.load(found)


def wait(process: subprocess.Popen[bytes]) -> None:
    """Return once the service is ready. End with a line when it does not get ready."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            answer("/readyz")
        except (URLError, OSError):
            time.sleep(0.1)
        else:
            return
    sys.exit("the image does not serve")


def state(pid: int) -> dict[str, str]:
    """Return what the kernel says of a process."""
    return dict(re.findall(r"^(\w+):\s*(.*)$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE))


def serve() -> None:
    """Serve from the image, ask it, look at who it is, and end it. Exit with 1 where one does not hold."""
    container = run(*BUILDAH, "from", "--pull-never", IMAGE)
    try:
        place = run(*BUILDAH, "mount", container)
        config = json.loads(run(*BUILDAH, "inspect", container))["OCIv1"]["config"]
        process = started(place, config)
        try:
            wait(process)
            story = answer("/v1/distribution", b'{"outlets": ["reuters.com"]}')
            mounts = Path(f"/proc/{process.pid}/mountinfo").read_text()
            who = state(process.pid)
            facts = {
                "scores a story": story["outlets"][0]["name"] == "Reuters",
                "runs as 10001": set(who["Uid"].split()) == {"10001"} == set(who["Gid"].split()),
                "has no capabilities": int(who["CapEff"], 16) == 0,
                "has a read-only root": re.search(rf" {re.escape(place)} ro[ ,]| / ro[ ,]", mounts)
                is not None,
            }
        finally:
            process.terminate()
            facts_of_end = process.wait(PATIENCE_SECONDS)
        facts["ends with status 0 on SIGTERM"] = facts_of_end == 0
    finally:
        run(*BUILDAH, "rm", container)
    for fact, holds in facts.items():
        sys.stdout.write(f"{'yes' if holds else 'NO '}  {fact}\n")
    if not all(facts.values()):
        sys.exit(1)


def main() -> None:
    """Build, say how large the image is, and serve from it."""
    BUILD.mkdir(parents=True, exist_ok=True)
    base = os.environ.get("BASE", "python:3.11-slim-bookworm")
    build(debian_base() if base == "debian" else base)
    (image,) = json.loads(run(*BUILDAH, "images", "--json", IMAGE))
    sys.stdout.write(f"{IMAGE} from {base}: {image['size']}\n")
    serve()


if __name__ == "__main__":
    main()
