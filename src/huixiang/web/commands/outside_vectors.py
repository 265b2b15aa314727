"""Can vectors of the bank's own endpoint be had for all of these texts? If not, words alone decide, and it is said."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from itertools import islice

from huixiang.apps.feedback import rulebooks
from huixiang.channels.contract import Fault, marked
from huixiang.domain.understanding.similar import Vectors
from huixiang.plugins.service import EMBEDDINGS, ledger, named
from huixiang.plugins.vectors import NoVectors
from huixiang.plugins.vectors import Vectors as Endpoint
from huixiang.web.bilingual import both

AT_ONCE = 2_000
WHY = {
    "budget": marked("向量的预算已用完：只按字词比较"),
    "unreachable": marked("联系不上向量服务（%(trouble)s）：只按字词比较"),
    "refused": marked("向量服务拒绝回答（%(trouble)s）：只按字词比较"),
    "unusable": marked("向量服务答非所问：只按字词比较"),
}


def ready(stack: ExitStack, normals: Sequence[str], queries: Iterable[str]) -> Vectors | None:
    """The endpoint's vectors, once those of every text are kept; None where they cannot all be had, told on stderr.

    All before the first: rows of one result that were ordered in two ways could not be compared.
    """
    service = named(EMBEDDINGS)
    if service is None:
        raise Fault("没有设置向量服务：请设 HUIXIANG_EMBEDDINGS_URL 与 HUIXIANG_EMBEDDINGS_MODEL")
    book = stack.enter_context(ledger())
    vectors = stack.enter_context(Endpoint(service, book, rulebooks.today))
    try:
        for some in _portions([*normals], iter(queries)):
            vectors(some)
    except NoVectors as why:
        print(both(WHY[str(why)], {"trouble": vectors.caller.trouble}), file=sys.stderr)
        return None
    return vectors


def _portions(normals: list[str], queries: Iterator[str]) -> Iterator[list[str]]:
    for begin in range(0, len(normals), AT_ONCE):
        yield normals[begin : begin + AT_ONCE]
    while some := list(islice(queries, AT_ONCE)):
        yield some
