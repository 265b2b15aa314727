"""`huixiang simulate`: write the files that a made-up bank's systems would export, and the truth beside them."""

from __future__ import annotations

import argparse
import errno
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from huixiang.simulation.scenario import Scenario

OWN = "（默认按情景） / {}, else the scenario's own"
EPILOG = """退出码 / exit codes: 0 完成 done, 1 未能完成 failed, 2 用法 usage, 130 中断 interrupted
写到一半的文件在 DIR.part 里，全部写完才改名为 DIR / until all is written it lies in DIR.part"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.epilog, parser.formatter_class = EPILOG, argparse.RawDescriptionHelpFormatter
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="写入的新目录 / a new folder to write")
    # Read as text: what is wrong is then said like all else, in both languages and with what may stand there.
    parser.add_argument(
        "--seed", metavar="N", help="种子，相同的种子写出相同的字节" + OWN.format("same seed, same bytes")
    )
    parser.add_argument("--branches", metavar="N", help="网点数，4 以上" + OWN.format("outlets, 4 or more"))
    parser.add_argument("--months", metavar="N", help="月数" + OWN.format("months of history"))
    parser.add_argument("--until", metavar="DAY", help="最后一天" + OWN.format("the last day, as 2026-06-30"))
    parser.add_argument("--scale", metavar="N", help="网点数再乘以它" + OWN.format("times as many outlets"))
    parser.add_argument(
        "--scenario",
        default="planted",
        metavar="NAME|FILE.toml",
        help="情景：自带的 planted、quiet，或 TOML 文件 / one that comes with the product, or a TOML file",
    )
    parser.add_argument(
        "--facts-only",
        action="store_true",
        help="不写文本，也就没有投诉登记簿 / no texts, and so no complaints register: tickets, calls, clicks and cases",
    )


def run(args: argparse.Namespace) -> int:
    from huixiang.simulation import run as simulation
    from huixiang.simulation import scenario as scenarios

    def work() -> None:
        path = Path(args.scenario)
        found = scenarios.load(path) if path.suffix == ".toml" else scenarios.named(args.scenario)
        sized = resized(found, args)
        for sentence in simulation.live(sized, args.out, texts=not args.facts_only, warn=warned):
            print(sentence, flush=True)

    return answered(work, args.out)


def resized(scenario: Scenario, args: argparse.Namespace) -> Scenario:
    """The scenario with what the command line gave. Raises ScenarioError for what cannot be."""
    given = {key: getattr(args, key, None) for key in ("seed", "branches", "months", "until", "scale")}
    return scenario.sized(**{key: read(key, text) for key, text in given.items() if text is not None})


def read(key: str, text: str) -> object:
    """The number or day that this text means; the text itself where it means none, to be refused with its name."""
    try:
        return date.fromisoformat(text) if key == "until" else int(text)
    except ValueError:
        return text


def warned(sentence: str) -> None:
    """Something that the run leaves out, on the channel for such."""
    print(f"注意 / note: {sentence}", file=sys.stderr, flush=True)


def answered(work: Callable[[], None], folder: Path) -> int:
    """The exit code of this work, with one sentence in both languages where it could not be done."""
    from huixiang.simulation import writing
    from huixiang.simulation.entries import ScenarioError

    try:
        work()
    except (ScenarioError, writing.FolderError) as error:
        print(error, file=sys.stderr)
        return 1
    except BrokenPipeError:  # nobody reads any more, as after `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        print(f"输出中断 / output broken off{_left(folder)}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{_why(error, folder)}{_left(folder)}", file=sys.stderr)
        return 1
    except ValueError as error:  # a bank that cannot live, in the words of the part of it that could not
        print(f"模拟不能继续 / the simulation cannot go on: {error}{_left(folder)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\n已中断 / interrupted{_left(folder)}", file=sys.stderr)
        return 130
    return 0


def _why(error: OSError, folder: Path) -> str:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return f"{folder}：磁盘已满，请腾出空间或换一个目录 / the disc is full: make room, or choose another folder"
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS}:
        return f"{error.filename or folder}：没有权限写入 / no right to write there"
    return f"{error.filename or folder}：不能写入 / cannot be written: {error.strerror or error}"


def _left(folder: Path) -> str:
    from huixiang.simulation import writing

    part = writing.part_of(folder)
    if not part.exists():
        return ""
    return f"；未写完的文件在 {part}，不完整，请删除 / what was written lies in {part} and is not whole: delete it"
