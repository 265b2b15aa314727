"""How long does a million rows take to come in, in how much memory; does a killed import end equal to a quiet one?

python benchmarks/import.py                 # 1,000,000 rows through `huixiang import`, SQLite and lake
python benchmarks/import.py --kill 5        # also: 5 imports of 100,000 rows, SIGKILLed at random moments, compared
python benchmarks/import.py --rows 0 --long 10000   # letters of 2,000 characters, no two alike; then the lake is tidied
python benchmarks/import.py --rows 0 --contacts 100000   # the same rows without a contact, and with one each
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import json
import os
import platform
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

MAPPING = """\
format = "csv"
channel = "app_review"
[columns]
source_id = "id"
said_at = "at"
product = "product"
product_version = "version"
customer = "customer"
rating = "rating"
text = "text"
"""
LIMIT_CONTACTS = 1.5  # processor time with contacts to without
LIMIT_SECONDS, LIMIT_BYTES = 600, 10**9
LETTER = 2_000  # characters
IGNORED = ("import_id", "received_at")  # differ between any two imports


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--long", type=int, default=0, metavar="ROWS")
    parser.add_argument("--contacts", type=int, default=0, metavar="ROWS")
    parser.add_argument("--kill", type=int, default=0, metavar="RUNS")
    parser.add_argument("--kill-rows", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--digest", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.digest:
        print(json.dumps(digest()))
        return
    folder = Path(tempfile.mkdtemp(prefix="huixiang-import-"))
    try:
        print(f"| {'what':34} | {'measured':>14} | {'limit':>8} | {'ratio':>6} |")
        print(f"|{'-' * 36}|{'-' * 16}|{'-' * 10}|{'-' * 8}|")
        if args.rows:
            undisturbed(folder, args.rows, args.seed)
        if args.long:
            letters(folder, args.long, args.seed)
        if args.contacts:
            answered(folder, args.contacts, args.seed)
        if args.kill:
            disturbed(folder, args.kill, args.kill_rows, args.seed)
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
        print(f"\n{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def undisturbed(folder: Path, rows: int, seed: int) -> None:
    file, mapping = files(folder, rows, seed)
    before = worked()
    seconds, peak = measured(start(folder / "whole", file, mapping))
    working = worked() - before
    told = account_of(folder / "whole")
    line(f"{rows:,} rows: wall time", f"{seconds:.0f} s", "600 s", seconds / LIMIT_SECONDS)
    line("processor time, process and child", f"{working:.0f} s")
    line("peak memory, process and child", f"{peak / 10**6:.0f} MB", "1000 MB", peak / LIMIT_BYTES)
    line("rows per second", f"{rows / seconds:,.0f}")
    line("account", "adds up" if told["account"]["read"] == rows else f"read {told['account']['read']}")
    process, started = start(folder / "whole", file, mapping), time.monotonic()
    process.wait()
    again = account_of(folder / "whole")["account"]
    line("second import: wall time", f"{time.monotonic() - started:.0f} s")
    line("second import: new", f"{again['new']:,}", "0")
    shutil.rmtree(folder / "whole")


def measured(process: subprocess.Popen[bytes]) -> tuple[float, int]:
    """Seconds until it ends, and the most memory it and its children held, in bytes."""
    started, peak = time.monotonic(), 0
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.3)  # a look costs some milliseconds of the process looked at
    if process.returncode:
        sys.exit(f"`{' '.join(map(str, process.args))}` ended with {process.returncode}")  # type: ignore[arg-type]
    return time.monotonic() - started, peak


def worked() -> float:
    """Processor seconds of all children that have ended so far: unlike wall time it hardly tells what else ran."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def letters(folder: Path, rows: int, seed: int) -> None:
    """Long texts of words that customers use, put together at random: no two alike, and all of one month."""
    from benchmarks import voices

    dice, file, mapping = random.Random(seed), folder / f"letters-{rows}.csv", folder / "mapping.toml"
    parts = [*voices.OPENINGS, *voices.THINGS, *voices.BLAME, *voices.PRAISE, *voices.PLAIN, *voices.ENDINGS]
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(voices.HEADER)
        for row in range(rows):
            pieces: list[str] = []
            while sum(map(len, pieces)) < LETTER:
                rare = "".join(chr(0x4E00 + dice.randrange(20_000)) for _ in range(12))
                pieces += [dice.choice(parts).format(n=dice.randrange(99)), rare]
            at = f"2026-05-{1 + row % 28:02d} 09:{row % 60:02d}:00"
            writer.writerow([f"L{row}", at, "手机银行", "8.2", "", 1 + row % 5, "".join(pieces)[:LETTER]])
    mapping.write_text(MAPPING, "utf-8")
    seconds, peak = measured(start(folder / "letters", file, mapping))
    told = account_of(folder / "letters")
    line(f"{rows:,} rows of {LETTER:,} characters: time", f"{seconds:.0f} s")
    line("peak memory, process and child", f"{peak / 10**6:.0f} MB", "1000 MB", peak / LIMIT_BYTES)
    line("characters per second", f"{rows * LETTER / seconds:,.0f}")
    line("account", "adds up" if told["account"]["read"] == rows else f"read {told['account']['read']}")
    seconds, peak = measured(command(folder / "letters", "lake", "tidy"))
    line("tidying the lake: time", f"{seconds:.0f} s")
    line("tidying the lake: peak memory", f"{peak / 10**6:.0f} MB", "1000 MB", peak / LIMIT_BYTES)
    line("content after tidying", "equal" if account_of(folder / "letters") == told else "differs")


def answered(folder: Path, rows: int, seed: int) -> None:
    """The same file, whose telephones are once let go and once sealed, each with its code."""
    from benchmarks import voices

    file, since = folder / f"contacts-{rows}.csv", datetime.now(UTC) - timedelta(days=90)
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([*voices.HEADER, "phone"])
        for number, row in enumerate(voices.rows(rows, seed)):
            at = since + timedelta(seconds=60 * 86_400 * number / rows)  # lately, or it would be let go as history
            writer.writerow([row[0], f"{at:%Y-%m-%d %H:%M:%S}", *row[2:], f"138{number * 7919 % 10**8:08d}"])
    site = MAPPING.replace("app_review", "website")
    ways = {
        "without contacts": site.replace("[columns]", 'ignore = ["phone"]\n[columns]'),
        "with contacts": site + 'contact = "phone"\n',
    }
    without, with_ = (processor(folder, file, mapping) for mapping in ways.values())
    for name, seconds in zip(ways, (without, with_), strict=True):
        line(f"{rows:,} rows {name}: CPU", f"{seconds:.1f} s")
    line("with to without", f"{with_ / without:.2f}", f"{LIMIT_CONTACTS}", with_ / without / LIMIT_CONTACTS)


def processor(folder: Path, file: Path, mapping: str) -> float:
    """Seconds of processor time, child included, that an import into an empty house takes."""
    (folder / "mapping.toml").write_text(mapping, "utf-8")
    before = worked()
    measured(start(folder / "answered", file, folder / "mapping.toml"))
    shutil.rmtree(folder / "answered")
    return worked() - before


def disturbed(folder: Path, runs: int, rows: int, seed: int) -> None:
    """Kill whole process groups at random moments, start again until done, and compare with an undisturbed run."""
    file, mapping = files(folder, rows, seed)
    started = time.monotonic()
    start(folder / "quiet", file, mapping).wait()
    quiet, quiet_seconds = account_of(folder / "quiet"), time.monotonic() - started
    dice, kills, equal = random.Random(seed), 0, 0
    for run in range(runs):
        data, done = folder / f"killed{run}", False
        while not done:
            process = start(data, file, mapping)
            try:
                process.wait(dice.uniform(0.5, quiet_seconds * 0.6))
                done = process.returncode == 0
            except subprocess.TimeoutExpired:
                # Only the importing process: its helper must go by itself.
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
        equal += account_of(data) == quiet
        shutil.rmtree(data)
    line(f"{runs} imports of {rows:,} rows: kills", str(kills))
    line("equal to the undisturbed one", f"{equal} of {runs}", f"{runs}")


def line(what: str, measured: str, limit: str = "", ratio: float | None = None) -> None:
    print(f"| {what:34} | {measured:>14} | {limit:>8} | {'' if ratio is None else f'{ratio:.2f}':>6} |", flush=True)


def files(folder: Path, rows: int, seed: int) -> tuple[Path, Path]:
    from benchmarks import voices

    file, mapping = folder / f"voices-{rows}.csv", folder / "mapping.toml"
    voices.write_csv(file, rows, seed=seed)
    mapping.write_text(MAPPING, "utf-8")
    return file, mapping


def environment(data: Path) -> dict[str, str]:
    return {
        **os.environ,
        "HUIXIANG_MODE": "test",
        "HUIXIANG_DATA": str(data),
        "HUIXIANG_LOG": "ERROR",
    }


def start(data: Path, file: Path, mapping: Path) -> subprocess.Popen[bytes]:
    return command(data, "import", str(file), "--mapping", str(mapping))


def command(data: Path, *words: str) -> subprocess.Popen[bytes]:
    code = "import sys; from huixiang.web.cli import main; sys.exit(main(sys.argv[1:]))"
    environ = environment(data)
    return subprocess.Popen(
        [sys.executable, "-c", code, *words], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def account_of(data: Path) -> dict[str, dict[str, object]]:
    command = [sys.executable, __file__, "--digest"]
    answer = subprocess.run(command, env=environment(data), stdout=subprocess.PIPE, check=True).stdout
    result: dict[str, dict[str, object]] = json.loads(answer)
    return result


def digest() -> dict[str, object]:
    """The newest import's account, and a hash over the content of each table, whatever the order of its rows."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "huixiang.web.settings")
    import django

    django.setup()
    from dataclasses import asdict

    from deltalake import DeltaTable
    from django.conf import settings

    from huixiang.apps.feedback.accounts import account
    from huixiang.apps.feedback.models import Batch, Import, Quarantined
    from huixiang.lake.schema import TABLES

    tables = {}
    for name in TABLES:
        if not (settings.LAKE_DIR / name).exists():
            continue
        total = 0
        for batch in DeltaTable(settings.LAKE_DIR / name).to_pyarrow_dataset().to_batches():
            for row in batch.drop_columns([column for column in IGNORED if column in batch.schema.names]).to_pylist():
                told = json.dumps(row, default=str, sort_keys=True, ensure_ascii=False)
                total += int.from_bytes(hashlib.blake2b(told.encode(), digest_size=16).digest())
        tables[name] = hex(total)
    return {
        "account": asdict(account(Import.objects.first())),
        "tables": tables,
        "rows": {"quarantined": Quarantined.objects.count(), "open": Batch.objects.filter(confirmed_at=None).count()},
    }


def resident(pid: int) -> int:
    """Memory of a process and its children, in bytes: a page that two of them hold counts half for each (PSS)."""
    total, waiting = 0, [pid]
    while waiting:
        each = waiting.pop()
        try:
            told = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            total += 1024 * next(int(row.split()[1]) for row in told if row.startswith("Pss:"))
            for thread in Path(f"/proc/{each}/task").iterdir():
                waiting += map(int, (thread / "children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total


if __name__ == "__main__":
    main()
