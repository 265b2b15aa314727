"""How long after installation until the demonstration bank can be looked at? `make demo`, in an empty folder."""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

LIMIT_MINUTES = 5.0
STAGES = {
    "truth.json": "the bank has lived",
    "needs:": "imported, needs proposed",
    "who can log in": "told who can log in",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8061)
    parser.add_argument(
        "--shared", action="store_true", help="with the real reviews under ../shared, if they are there"
    )
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="demo-", dir="var" if Path("var").is_dir() else None) as folder:
        print(f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n\n| stage | after, s |\n|---|---|")
        answered = shown(Path(folder), args.port, real=args.shared)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"| **the log-in page answers** | {answered:.0f} |\n")
    print(
        f"Limit {LIMIT_MINUTES:.0f} minutes: {answered / 60 / LIMIT_MINUTES:.2f} of it. Processor time "
        f"{used.ru_utime + used.ru_stime:.0f} s, largest process {used.ru_maxrss / 1024:.0f} MB; "
        f"load after: {os.getloadavg()[0]:.1f}."
    )


def shown(folder: Path, port: int, *, real: bool) -> float:
    """Seconds until the page answers; then the demonstration is stopped."""
    told = dict(os.environ, HUIXIANG_DATA=str(folder / "data"), PYTHONUNBUFFERED="1")
    if not real:
        told["HUIXIANG_SHARED"] = str(folder / "nothing")
    begun = time.monotonic()
    going = subprocess.Popen(
        ["make", "demo", f"PORT={port}"],
        env=told,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    reading = threading.Thread(target=stages, args=(going, begun))
    reading.start()
    try:
        while not answers(port):
            if going.poll() is not None:
                raise SystemExit(f"`make demo` ended with {going.returncode}")
            time.sleep(0.5)
        return time.monotonic() - begun
    finally:
        if going.poll() is None:
            os.killpg(going.pid, signal.SIGINT)
        going.wait(timeout=60)
        reading.join(timeout=60)


def stages(going: subprocess.Popen[str], begun: float) -> None:
    """Print when each stage is over, and what was imported."""
    assert going.stdout is not None
    for line in going.stdout:
        for sign, stage in STAGES.items():
            if sign in line:
                print(f"| {stage} | {time.monotonic() - begun:.0f} |", flush=True)


def answers(port: int) -> bool:
    """Does the first page answer?"""
    try:
        with urlopen(f"http://127.0.0.1:{port}/", timeout=30) as page:
            return bool(page.status == 200)
    except (URLError, OSError):
        return False


if __name__ == "__main__":
    main()
