"""Is every sentence a user can read also there in English? Chinese message ids in the sources, English in one .po file.

`python -m tests.architecture.catalogue` checks; with --update it adds what is new and drops what is gone.
"""

from __future__ import annotations

import ast
import re
import sys
from functools import cache
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parents[2]
SOURCES = ROOT / "src" / "huixiang"
CATALOGUE = SOURCES / "web/locale/en/LC_MESSAGES/django.po"
MARKERS = {
    *("_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"),
    *(
        "Fault",
        "Aside",
        "BadBook",
        "BadCase",
        "BadLetter",
        "BadTiers",
        "Warned",
        "Mistake",
        "Said",
        "_warn",
        "_fault",
        "both",
        "marked",
    ),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")  # full-width marks too
# What Django's own templatize leaves of a template: _('…') for translate, gettext and ngettext for blocktranslate.
TEMPLATE_CALL = re.compile(
    r"""\b(_|gettext|ngettext)\(u?(?P<first>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
    r"""(?:,\s*u?(?P<second>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))?""",
    re.S,
)


@cache
def messages() -> dict[tuple[str, str | None], str]:
    """All message ids of the sources with where each stands first; plural forms as the second of the pair."""
    found: dict[tuple[str, str | None], str] = {}
    for path in sorted(SOURCES.rglob("*.py")):
        for message in _of_python(path.read_text("utf-8")):
            found.setdefault(message, str(path.relative_to(ROOT)))
    for path in sorted([*SOURCES.rglob("templates/**/*.html"), *SOURCES.rglob("templates/**/*.txt")]):
        for message in _of_template(path):
            found.setdefault(message, str(path.relative_to(ROOT)))
    return {message: place for message, place in found.items() if CHINESE.search(message[0])}


def _of_python(source: str) -> list[tuple[str, str | None]]:
    tree = ast.parse(source)
    places = dict.fromkeys(MARKERS, 0) | _passing_on(tree)
    assigned = _assigned(tree)
    found: list[tuple[str, str | None]] = []
    for node in ast.walk(tree):
        name = _called(node)
        if not isinstance(node, ast.Call) or len(node.args) <= places.get(name, len(node.args)):
            continue
        said = node.args[places[name]]
        singular = [said.value] if isinstance(said, ast.Constant) else assigned.get(getattr(said, "id", ""), [])
        second = node.args[1] if name.startswith("ngettext") else None
        plural = second.value if isinstance(second, ast.Constant) else None
        found += [(text, plural) for text in singular if isinstance(text, str)]
    return found


def _called(node: ast.AST) -> str:
    return getattr(node.func, "id", getattr(node.func, "attr", "")) if isinstance(node, ast.Call) else ""


def _passing_on(tree: ast.AST) -> dict[str, int]:
    """Functions of the file that hand a parameter to a marker, such as `_fault(field, message)`: name → its place."""
    found = {}
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        names = [argument.arg for argument in function.args.args if argument.arg not in {"self", "cls"}]
        handed = [node.args[0] for node in ast.walk(function) if _called(node) in MARKERS and node.args]  # type: ignore[attr-defined]
        for name in {getattr(each, "id", "") for each in handed} & set(names):
            found[function.name] = names.index(name)
    return found


def _assigned(tree: ast.AST) -> dict[str, list[object]]:
    """Texts that stand in a variable before they are marked: name → the texts given to it anywhere in the file."""
    found: dict[str, list[object]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            for target in node.targets:
                found.setdefault(getattr(target, "id", ""), []).append(node.value.value)
    return found


def _of_template(path: Path) -> list[tuple[str, str | None]]:
    from django.utils.translation.template import templatize

    calls = TEMPLATE_CALL.finditer(templatize(path.read_text("utf-8"), origin=str(path)))
    return [(ast.literal_eval(call["first"]), ast.literal_eval(call["second"] or "None")) for call in calls]


def faults(book: polib.POFile) -> list[str]:
    """What is wrong with the catalogue, one sentence each."""
    wanted, seen, found = messages(), set(), []
    for entry in book:
        key = (entry.msgid, entry.msgid_plural or None)
        if entry.msgid in seen:
            found.append(f"twice: {entry.msgid}")
        seen.add(entry.msgid)
        if key not in wanted:
            found.append(f"no longer in the sources: {entry.msgid}")
        for english in [entry.msgstr, *entry.msgstr_plural.values()]:
            if english and _names(english) != _names(entry.msgid + entry.msgid_plural):
                found.append(f"other placeholders than its Chinese: {english}")
        if not entry.translated() or entry.fuzzy:
            found.append(f"not in English: {entry.msgid}")
    return found + [f"missing: {message[0]}  ({place})" for message, place in wanted.items() if message[0] not in seen]


def _names(text: str) -> set[str]:
    return {first or second for first, second in PLACEHOLDER.findall(text)}


def update(book: polib.POFile) -> None:
    wanted = messages()
    for entry in [entry for entry in book if (entry.msgid, entry.msgid_plural or None) not in wanted]:
        book.remove(entry)
    known = {entry.msgid for entry in book}
    for (singular, plural), place in wanted.items():
        if singular not in known:
            plurals = {"msgid_plural": plural, "msgstr_plural": {0: "", 1: ""}} if plural else {}
            book.append(polib.POEntry(msgid=singular, comment=place, **plurals))
            known.add(singular)
    book.sort(key=lambda entry: entry.msgid)
    book.save(str(CATALOGUE))


def main() -> int:
    book = polib.pofile(str(CATALOGUE)) if CATALOGUE.exists() else polib.POFile(wrapwidth=0)
    book.wrapwidth = 0
    if "--update" in sys.argv:
        book.metadata = {
            "Language": "en",
            "MIME-Version": "1.0",
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Plural-Forms": "nplurals=2; plural=(n != 1);",
        }
        update(book)
        return 0
    found = faults(book)
    print("\n".join(found) or f"message catalogue: {len(book)} messages, all in English")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
