"""How many documents a second does one core understand, stage by stage, beside SnowNLP and jieba?

python -m benchmarks.understand [--made-up] [--documents 20000] [--shared ../shared/data]
"""

from __future__ import annotations

import argparse
import csv
import itertools
import os
import platform
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jieba
from snownlp import SnowNLP

from benchmarks import voices
from huixiang.domain.understanding.duplicates import bands_of
from huixiang.domain.understanding.masking import mask
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.opinions.reading import Opinions
from huixiang.domain.understanding.phrases import Phrases
from huixiang.domain.understanding.reading import Reader
from huixiang.domain.understanding.sentiment import Sentiments
from huixiang.domain.understanding.understander import Understander
from huixiang.domain.understanding.words import Words

BATCH = 500
ROUNDS = 3  # the best of three: the others measure what else the machine did


def made_up(count: int) -> list[str]:
    """Sentences of our own, where the real reviews are not at hand."""
    who = ("大堂经理", "柜员", "手机银行", "新版app", "信用卡", "取款机", "客服热线", "网点")
    what = (
        "一直闪退，怎么回事",
        "非常好用",
        "排队太久了",
        "态度不错",
        "登录不上去，验证码也收不到",
        "办得很快",
        "要收费吗？",
    )
    tail = ("。", "！！！", "，希望尽快改进。", "，我的手机是13800138000", "，等了40分钟", "👍", "，谢谢王女士")
    rows = itertools.islice(itertools.cycle(itertools.product(who, what, tail)), count)
    return [f"第{number}次来，{''.join(parts)}" for number, parts in enumerate(rows)]


def reviews(path: Path, count: int) -> tuple[list[str], str]:
    """The texts to read, and where they come from."""
    if not path.exists():
        return made_up(count), "made-up sentences"
    with path.open(encoding="utf-8", newline="") as stream:
        texts = [row["text"] for row in itertools.islice(csv.DictReader(stream), count)]
    return texts, "real app reviews"


def per_second(read: Callable[[], object], documents: int, rounds: int = ROUNDS) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = time.process_time()  # hardly tells what else the machine does
        read()
        best = min(best, time.process_time() - started)
    return documents / best


def batches(texts: Sequence[str]) -> list[Sequence[str]]:
    return [texts[start : start + BATCH] for start in range(0, len(texts), BATCH)]


def measured(texts: list[str]) -> dict[str, float]:
    """Documents a second of every stage of ours."""
    words, sentiments, phrases, whole = Words(), Sentiments(), Phrases(), Understander()
    masked = [mask(text).text for text in texts]
    normals = [normalise(text) for text in masked]
    tokens = [words.tokens(normal) for normal in normals]
    contents = [words.content(pieces) for pieces in tokens]
    rules, judged, opinions = Reader(), sentiments.read(normals, tokens), Opinions()
    stages: dict[str, Callable[[], object]] = {
        "mask": lambda: [mask(text) for text in texts],
        "normalise": lambda: [normalise(text) for text in texts],
        "words": lambda: [words.cut(normal) for normal in normals],
        "sentiment": lambda: sentiments.read(normals, tokens),
        "phrases": lambda: [phrases.read(*both) for both in zip(tokens, contents, strict=True)],
        "rules": lambda: rules.read(normals, judged),
        "opinions": lambda: opinions.read(masked),
        "bands": lambda: [bands_of(batch) for batch in batches(normals)],
        "whole": lambda: [whole.read(batch) for batch in batches(texts)],
    }
    return {name: per_second(read, len(texts)) for name, read in stages.items()}


def rivals(texts: list[str]) -> dict[str, tuple[str, float]]:
    """Documents a second of what else could be taken, over fewer texts since it takes long. Stage → (who, speed)."""
    few = [text for text in texts if text.strip()][:1500]
    jieba.initialize()
    SnowNLP("预热").sentiments  # noqa: B018 (reads its model)
    known: dict[str, tuple[str, Callable[[], object]]] = {
        "words": ("jieba", lambda: [jieba.lcut(text) for text in few]),
        "sentiment": ("SnowNLP", lambda: [SnowNLP(text).sentiments for text in few]),
        "phrases": ("SnowNLP", lambda: [SnowNLP(text).keywords(5) for text in few]),
        "whole": ("SnowNLP", lambda: [(s.words, s.sentiments, s.keywords(5)) for s in map(SnowNLP, few)]),
    }
    return {stage: (name, per_second(read, len(few), rounds=1)) for stage, (name, read) in known.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--made-up", action="store_true", help="the rows of the import's benchmark instead of reviews")
    parser.add_argument("--shared", type=Path, default=Path(__file__).parents[1] / "../shared/data")
    args = parser.parse_args()
    texts, origin = reviews(args.shared / "icbc_app_reviews.csv", args.documents)
    if args.made_up:
        texts, origin = [row[-1] for row in voices.rows(args.documents)], "rows of benchmarks/voices.py"
    ours, theirs = measured(texts), rivals(texts)
    mean = sum(map(len, texts)) / len(texts)
    print(f"{len(texts):,} {origin}, {mean:.1f} characters on average; one process on one core of {os.cpu_count()}")
    print(f"{platform.machine()}, Python {platform.python_version()}, best of {ROUNDS}, processor time\n")
    print(f"{'stage':<10} {'docs/s/core':>12} {'µs/doc':>8}   {'beside':<8} {'docs/s/core':>12} {'ratio':>7}")
    for stage, speed in ours.items():
        line = f"{stage:<10} {speed:>12,.0f} {1e6 / speed:>8.1f}"
        if stage in theirs:
            name, slow = theirs[stage]
            line += f"   {name:<8} {slow:>12,.0f} {speed / slow:>6.1f}x"
        print(line)


if __name__ == "__main__":
    main()
