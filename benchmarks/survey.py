"""Does a survey's answer count once under load, and how fast is its result page?

python -m benchmarks.survey submit [--answers 10000] [--times 2] [--threads 16] [--database sqlite|postgresql]
python -m benchmarks.survey results [--responses 1000000] [--times 200] [--anonymous]
python -m benchmarks.survey terms [--responses 200000]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import survey_results, survey_submit, survey_terms


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parts = parser.add_subparsers(dest="part", required=True)
    submit = parts.add_parser("submit")
    submit.add_argument("--answers", type=int, default=10_000)
    submit.add_argument("--times", type=int, default=2)
    submit.add_argument("--threads", type=int, default=16)
    submit.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    results = parts.add_parser("results")
    results.add_argument("--responses", type=int, default=1_000_000)
    results.add_argument("--times", type=int, default=200)
    results.add_argument("--anonymous", action="store_true")
    terms = parts.add_parser("terms")
    terms.add_argument("--responses", type=int, default=200_000)
    args = parser.parse_args()
    if args.part in ("results", "terms"):
        with rows_in("sqlite"):
            print(f"{os.cpu_count()} cores, Python {platform.python_version()}\n\n| what | |\n|---|---|")
            if args.part == "terms":
                survey_terms.main(args.responses)
            else:
                survey_results.main(args.responses, args.times, is_anonymous=args.anonymous)
        return
    with rows_in(args.database):
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {args.database}, {args.threads} threads\n")
        print("| what | count | seconds | a second |\n|---|---|---|---|")
        survey_submit.main(args.answers, args.times, args.threads)


@contextmanager
def rows_in(database: str) -> Iterator[Path]:
    """An empty database and data folder of the benchmark's own, removed afterwards."""
    from tests.postgres import Cluster

    folder = Path(tempfile.mkdtemp(prefix="huixiang-survey-"))
    # `fsync=off`: the disk of a shared machine is not what is measured here; SQLite keeps its synchronous=FULL.
    cluster = Cluster() if database == "postgresql" else None
    os.environ |= {
        "HUIXIANG_MODE": "test",
        "HUIXIANG_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "huixiang.web.settings",
        "DATABASE_URL": cluster.url if cluster else f"sqlite:///{folder / 'rows.sqlite3'}",
    }
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        yield folder
    finally:
        if cluster:
            cluster.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
