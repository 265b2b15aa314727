"""How fast is a survey's result page?

python -m benchmarks.survey results [--responses 1000000] [--times 200]
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import tempfile
from pathlib import Path

from benchmarks import survey_results


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parts = parser.add_subparsers(dest="part", required=True)
    results = parts.add_parser("results")
    results.add_argument("--responses", type=int, default=1_000_000)
    results.add_argument("--times", type=int, default=200)
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huixiang-survey-"))
    os.environ |= {
        "HUIXIANG_MODE": "test",
        "HUIXIANG_DATA": str(folder),
        "DJANGO_SETTINGS_MODULE": "huixiang.web.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'rows.sqlite3'}",
    }
    try:
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", interactive=False, verbosity=0)
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}\n\n| what | |\n|---|---|")
        survey_results.main(args.responses, args.times)
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
