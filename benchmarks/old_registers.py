"""How fast does an old register come in, and does a real kill half-way lose or double a row?

python -m benchmarks.old_registers [--rows 2000] [--database sqlite|postgresql]

A made-up register of closed complaints, seven events each. The command runs as a process of its own and is killed
(SIGKILL) once a third of its rows are there; run again, it must end with each row once and every chain whole. CPU
seconds and resident memory of the process that imports, since the machine is shared.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

from benchmarks.survey import rows_in

HEAD = "工单编号,投诉时间,投诉来源,承办机构,投诉内容,投诉人姓名,联系电话,受理时间,答复时间,处理结果,结案时间,经办人"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=2_000)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    args = parser.parse_args()
    with rows_in(args.database) as folder:
        place = _register(folder / "register.csv", args.rows)
        _bank()
        killed = _killed(place, args.rows)
        begun = _cpu()
        assert _import(place).wait() == 0, "the second run takes what is left"
        cpu = _cpu() - begun
        _check(args.rows)
        left = args.rows - killed
        print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {args.database}\n")
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print("| rows | there when killed | brought by the second run | CPU s of it | rows a CPU second | peak MB |")
        print("|---|---|---|---|---|---|")
        print(f"| {args.rows:,} | {killed:,} | {left:,} | {cpu:.1f} | {left / cpu:.0f} | {most:.0f} |")


def _bank() -> None:
    from huixiang.apps.access.models import Staff, Unit

    head = Unit.objects.create(code="HQ", name="演示银行总行", kind="head_office", path="/HQ/")
    Unit.objects.create(code="N1", name="演示支行", kind="branch", parent=head, path="/HQ/N1/")
    Staff.objects.create(number="1101", name="韩七")


def _register(place: Path, rows: int) -> Path:
    first, lines = date(2023, 1, 2), [HEAD]
    for n in range(rows):
        day = first + timedelta(days=n % 700)
        later = [f"{day + timedelta(days=add)}" for add in (1, 8, 10)]
        lines.append(f"A-{n},{day} 10:00,电话,N1,第{n}笔年费没有说清就扣了,王芳,138{n:08d},{later[0]},{later[1]},"
                     f"已说明并退费,{later[2]},1101")  # fmt: skip
    place.write_text("\n".join(lines) + "\n", encoding="utf-8-sig")
    return place


def _import(place: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([str(Path(sys.executable).with_name("huixiang")), "complaints", "import", str(place)],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip


def _killed(place: Path, rows: int) -> int:
    """How many rows were there when it died?"""
    from huixiang.apps.complaints.models import Case

    process = _import(place)
    while Case.objects.count() < rows // 3:
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.2)
    process.send_signal(signal.SIGKILL)
    process.wait()
    return Case.objects.count()


def _check(rows: int) -> None:
    from huixiang.apps.complaints import chain
    from huixiang.apps.complaints.models import Case, OldNumber

    assert Case.objects.count() == OldNumber.objects.values("number").distinct().count() == rows
    assert chain.verify() == (rows * 7, [])


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
