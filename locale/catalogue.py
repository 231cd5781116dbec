"""Message catalogues without GNU gettext: extract and update, check, compile.

python locale/catalogue.py update     add new msgids, drop unused ones
python locale/catalogue.py check      exit 1 while a translation is missing or unused
python locale/catalogue.py compile    write the .mo file
"""

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "locale" / "zh_Hans" / "LC_MESSAGES"
KEYWORDS = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), None),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    "npgettext": ((1, "c"), 2, 3),
}


def folders() -> list[Path]:
    """The apps and the templates."""
    return [*(path.parent for path in sorted(ROOT.glob("*/apps.py"))), ROOT / "templates"]


def sources() -> Iterator[Path]:
    """Python files and templates of the apps."""
    for folder in folders():
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html", ".txt") and "migrations" not in path.parts:
                yield path


def extracted() -> Catalog:
    """Every message in the sources, with the files that use it."""
    catalogue = Catalog()
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Template tags become Python calls; what is left of the text must not indent.
            text = "\n".join(line.lstrip() for line in templatize(text, origin=name).splitlines())
        for _line, message, _comments, context in extract(
            "python", io.BytesIO(text.encode()), KEYWORDS, options={"encoding": "utf-8"}
        ):
            catalogue.add(message, locations=[(name, 0)], context=context)
    return catalogue


def load() -> Catalog:
    """The Chinese catalogue as it stands."""
    with (FOLDER / "django.po").open("rb") as file:
        return read_po(file, locale="zh_Hans")


def update() -> None:
    """Bring the catalogue up to the sources; new messages are left empty."""
    catalogue = load()
    catalogue.update(extracted(), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with (FOLDER / "django.po").open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, include_lineno=False)


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, tuple) else (message.string,)
    return bool(texts) and all(texts) and not message.fuzzy


def problems() -> Iterator[str]:
    """What is wrong with the catalogue, a line each."""
    catalogue, used = load(), extracted()
    for message in used:
        known = catalogue.get(message.id, message.context) if message.id else message
        if message.id and (known is None or not _is_translated(known)):
            places = ", ".join(name for name, _line in message.locations)
            yield f"not translated: {message.id!r} ({places})"
    for message in catalogue:
        if message.id and used.get(message.id, message.context) is None:
            yield f"not used any more: {message.id!r}"
        yield from (f"{message.id!r}: {error}" for error in message.check(catalogue))


def compile_catalogue() -> None:
    """Write the .mo file that Django reads."""
    with (FOLDER / "django.mo").open("wb") as file:
        write_mo(file, load())


def main() -> int:
    action = sys.argv[1] if len(sys.argv) == 2 else ""
    if action == "update":
        update()
    elif action == "compile":
        compile_catalogue()
    elif action == "check":
        found = list(problems())
        print("\n".join(found) or "zh_Hans: complete")
        return 1 if found else 0
    else:
        print(__doc__)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
