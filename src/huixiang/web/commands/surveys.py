"""`huixiang surveys VERB`: what is done with surveys from the command line."""

from __future__ import annotations

import argparse

from huixiang.web.commands import survey_answers, survey_results

# Verb → its module and one-line help.
VERBS = {
    "answers": (survey_answers, "导入别的程序收集的答案 / answers collected elsewhere"),
    "results": (survey_results, "看结果 / the results as a table or CSV"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, (module, summary) in VERBS.items():
        module.add_arguments(verbs.add_parser(name, help=summary, description=summary))


def run(args: argparse.Namespace) -> int:
    return int(VERBS[args.verb][0].run(args))
