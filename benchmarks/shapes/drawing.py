"""How do the shapes look beside each other? SVG figures, the same bytes for the same numbers; texts stay texts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
import numpy as np
from numpy.typing import NDArray

from benchmarks.shapes import measures
from benchmarks.shapes.logs import Arrivals, Cases

mpl.use("svg")
from matplotlib import pyplot as plt  # after the choice of what draws

Floats = NDArray[np.float64]
REAL, OURS, BRANCH, PLAIN = "#3d3d3d", "#0f766e", "#b45309", "#9ca3af"
POINTS = np.linspace(0, 1, 41)
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "huixiang",
    "font.family": "sans-serif",  # the reader's own Chinese font
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": "#e5e7eb",
    "lines.linewidth": 1.4,
    "axes.titlesize": 10,
    "axes.unicode_minus": False,
    "legend.frameon": False,
}
mpl.rcParams.update(STYLE)


def panels(titles: Sequence[str], below: Sequence[str]) -> tuple[Any, Sequence[Any]]:
    """Panels two by two; `below` says what the horizontal axis measures."""
    rows = len(titles) // 2
    figure, grid = plt.subplots(rows, 2, figsize=(8.6, 3.0 * rows))
    margins = {"top": 1 - 0.12 / rows, "bottom": 0.17 / rows, "hspace": 0.42}
    figure.subplots_adjust(left=0.06, right=0.985, wspace=0.2, **margins)
    axes = np.ravel(grid)
    for axis, title, words in zip(axes, titles, below, strict=True):
        axis.set_title(title)
        axis.set_xlabel(words)
    return figure, axes


def save(figure: Any, path: Path) -> Path:
    """Without a date in it, so that the same numbers give the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.axes[0].legend()
    for axis in figure.axes:
        axis.minorticks_off()
    figure.savefig(path, metadata={"Date": None, "Creator": None})
    plt.close(figure)
    # matplotlib warns of letters that its own font lacks and ends some lines with blanks; the reader's font has them.
    path.write_text("\n".join(line.rstrip() for line in path.read_text("utf-8").splitlines()) + "\n", "utf-8")
    return path


def arrivals(logs: Sequence[tuple[str, str, Arrivals]], path: Path) -> Path:
    """Gaps between arrivals, and counts of ten minutes against the usual day."""
    figure, (left, right) = panels(
        ("到达间隔超过 x 的比例", "十分钟到达数的偏离：分布"),
        ("间隔 ÷ 当时当地的平均间隔", "（实到 − 常情）÷ √常情"),
    )
    x = np.linspace(0, 6, 61)
    left.semilogy(x, np.exp(-x), ":", color=PLAIN, label="泊松过程")
    edges = np.arange(-4, 6.25, 0.5)
    middle = (edges[1:] + edges[:-1]) / 2
    right.plot(middle, np.exp(-(middle**2) / 2) / np.sqrt(2 * np.pi), ":", color=PLAIN)
    for name, colour, log in logs:
        sample = np.sort(measures.gaps(log))
        left.semilogy(x, 1 - np.searchsorted(sample, x) / len(sample), color=colour, label=name)
        residuals = measures.bursts(log).residuals
        right.plot(middle, np.histogram(residuals, edges)[0] / len(residuals) / 0.5, color=colour)
    left.set_ylim(1e-3, 1)
    return save(figure, path)


def days(logs: Sequence[tuple[str, str, Arrivals]], path: Path) -> Path:
    """When in the day and in the week?"""
    figure, (left, right) = panels(
        ("一天中的分布（普通工作日，%/小时）", "一周中的分布（平均 = 1）"), ("时", "周一至周日")
    )
    for name, colour, log in logs:
        hours = np.bincount(log.second[log.ordinary] // 3600, minlength=24)[:24]
        left.plot(np.arange(24) + 0.5, hours / hours.sum() * 100, color=colour, label=name)
        number = np.bincount(log.weekday, minlength=7)
        there = np.bincount(log.weekday[np.unique(log.day, return_index=True)[1]], minlength=7)
        level = number / np.maximum(there, 1)
        right.plot(np.arange(1, 8), level / level.mean(), "o-", color=colour, markersize=3)
    return save(figure, path)


def service(logs: Sequence[tuple[str, str, Arrivals]], path: Path) -> Path:
    """How long does service last? The density of the logarithm, and quantiles against a lognormal's."""
    figure, (left, right) = panels(
        ("服务时长（对数，10 秒以上）的密度", "对数的分位数与正态对照"), ("ln(秒) − 平均", "正态分位数")
    )
    edges = np.linspace(-4, 4, 49)
    middle = (edges[1:] + edges[:-1]) / 2
    normal = np.sort(np.random.default_rng(7).standard_normal(200_000))
    chances = np.linspace(0.005, 0.995, 60)
    right.plot([-3, 3], [-3, 3], ":", color=PLAIN)
    for name, colour, log in logs:
        level = measures.level(log)
        counts = np.histogram(level, edges)[0]
        left.plot(middle, counts / len(level) / (edges[1] - edges[0]), color=colour, label=name)
        right.plot(np.quantile(normal, chances), np.quantile(level / level.std(), chances), color=colour)
    return save(figure, path)


def patience(logs: Sequence[tuple[str, str, Arrivals]], path: Path) -> Path:
    """Who gives up after how long?"""
    figure, (left, right) = panels(("仍在等的人每分钟放弃的比例", "仍愿意等的比例（Kaplan–Meier）"), ("已等秒数", "秒"))
    middle = (measures.HAZARD_EDGES[1:] + measures.HAZARD_EDGES[:-1]) / 2
    for name, colour, log in logs:
        left.plot(middle, measures.hazard(log), "o-", color=colour, markersize=3, label=name)
        right.plot(np.arange(0, 301, 5), measures.patience(log)[::5], color=colour)
    left.set_ylim(0)
    right.set_ylim(0, 1)
    return save(figure, path)


def cases(logs: Sequence[tuple[str, str, Cases]], path: Path) -> Path:
    """How long do cases last, how many activities have they, how many ways are there, how much of it is work?"""
    figure, axes = panels(
        ("已结案件的历时", "每案活动数", "最常见的 k 种走法所占案件", "办理时间占历时的比例"),
        ("天（对数）", "活动数", "k（对数）", "比例（对数）"),
    )
    for name, colour, log in logs:
        first, last = log.span
        lasted = np.sort(np.maximum((last - first)[log.done] / 86_400, 1e-4))
        axes[0].semilogx(np.quantile(lasted, POINTS), POINTS, color=colour, label=name)
        number = np.bincount(log.case, minlength=len(log.done))[log.done]
        share = np.bincount(np.minimum(number, 45), minlength=46) / len(number)
        axes[1].plot(np.arange(46), share, color=colour)
        top = measures.ways(log).cumulative
        rank = np.unique(np.geomspace(1, len(top), 40).astype(int))
        axes[2].semilogx(rank, top[rank - 1], color=colour)
        axes[3].semilogx(np.quantile(np.maximum(measures.work_share(log), 1e-4), POINTS), POINTS, color=colour)
    axes[2].set_ylim(0, 1)
    return save(figure, path)
