"""`huixiang simulate`: write the files that a made-up bank's systems would export, and the truth beside them."""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--out", type=Path, required=True, help="写入的目录（应为空） / folder to write to, empty")
    parser.add_argument("--seed", type=int, help="种子：相同的种子写出相同的字节 / same seed, same bytes (7)")
    parser.add_argument("--branches", type=int, help="网点数 / outlets (60)")
    parser.add_argument("--months", type=int, help="月数 / months of history (18)")
    parser.add_argument("--until", type=date.fromisoformat, help="最后一天 / last day, 2026-06-30")
    parser.add_argument("--scale", type=int, help="网点数再乘以它 / times as many outlets (1)")
    parser.add_argument(
        "--scenario",
        default="planted",
        help="情景：TOML 文件，或自带的名字 / a TOML file, or one that comes with the product",
    )
    parser.add_argument(
        "--facts-only", action="store_true", help="不写文本 / tickets, calls, clicks and cases, no texts"
    )


def run(args: argparse.Namespace) -> int:
    from huixiang.simulation import run as simulation
    from huixiang.simulation import scenario as scenarios

    try:
        path = Path(args.scenario)
        found = scenarios.load(path) if path.suffix == ".toml" else scenarios.named(args.scenario)
        sized = found.sized(
            seed=args.seed, branches=args.branches, months=args.months, until=args.until, scale=args.scale
        )
        if args.out.exists() and any(args.out.iterdir()):
            print(f"{args.out}：目录不为空，请换一个 / is not empty, choose another", file=sys.stderr)
            return 1
        for sentence in simulation.live(sized, args.out, texts=not args.facts_only):
            print(sentence, flush=True)
    except ValueError as error:  # a scenario that cannot be, in words that say what may stand there
        print(error, file=sys.stderr)
        return 1
    return 0
