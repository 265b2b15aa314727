"""Will a rule book do what its author means? All that is wrong with its TOML, and which examples it does not keep."""

from __future__ import annotations

from collections.abc import Iterator

from huixiang.domain.understanding.book import Book, BookError, Node, Problem, parse
from huixiang.domain.understanding.normal import normalise
from huixiang.domain.understanding.reading import TOLD_FROM, Reader


def lint(text: str) -> tuple[Problem, ...]:
    """Every problem of a book: first those that keep it from being read, else broken examples and warnings."""
    try:
        book = parse(text)
    except BookError as error:
        return error.problems
    reader = Reader(**{book.book: book})
    return tuple(problem for node in book.nodes for problem in _of_node(node, book, reader))


def _of_node(node: Node, book: Book, reader: Reader) -> Iterator[Problem]:
    for wanted, texts in ((True, node.examples), (False, node.counterexamples)):
        for text in texts:
            found = reader.evidence(normalise(text)).get((book.book, node.code))
            if (found is not None and found.probability >= TOLD_FROM) != wanted:
                why = "、".join(found.why) if found else ""
                yield Problem("example" if wanted else "counterexample", node.code, {"text": text, "why": why})
    if node.unsure:
        yield Problem("unsure", node.code, {"unsure": node.unsure}, warning=True)
    for pattern, strength in node.strengths.items() if book.book != "kinds" else ():  # a kind weighs, it does not tell
        if strength >= TOLD_FROM and len(normalise(pattern)) < 2:
            yield Problem("one_character", node.code, {"word": pattern}, warning=True)
    leaf = not any(other.parent == node.code for other in book.nodes)
    if leaf and not node.strengths and not node.unsure:
        yield Problem("no_words", node.code, warning=True)
