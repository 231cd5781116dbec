"""Which part of an .xlsx package holds which sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar
from xml.parsers import expat

from .archive import Archive
from .limits import MEBIBYTE
from .unreadable import Unreadable

WORKBOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
# Next to nothing stands in these two parts, and the parser holds what it finds in memory.
LARGEST = 8 * MEBIBYTE
Value = TypeVar("Value")


def sheet_parts(archive: Archive, names: Mapping[str, str]) -> dict[str, tuple[int, str]]:
    """Position (from 0) and name of each sheet by the lower-case name of its part.

    names: the parts' names as stored, by their lower-case names
    Raises Unreadable where the reading library could take another part for a sheet's.
    """
    if RELATIONS not in names:
        raise Unreadable("damaged")
    targets: dict[str, str] = {}
    for relation in elements(archive, names[RELATIONS], "Relationship"):
        add(targets, relation.get("Id", ""), part_of(relation.get("Target", "")))
    sheets: dict[str, tuple[int, str]] = {}
    titles: dict[str, int] = {}
    for position, sheet in enumerate(elements(archive, names[WORKBOOK], "sheet")):
        keys = [value for name, value in sheet.items() if name.endswith(":id")]
        if len(keys) != 1 or keys[0] not in targets:
            raise Unreadable("damaged")
        title = sheet.get("name", "")
        add(titles, title, position)
        add(sheets, targets[keys[0]], (position, title))
    return sheets


def add(found: dict[str, Value], key: str, value: Value) -> None:
    if key in found:
        raise Unreadable("damaged")
    found[key] = value


def part_of(target: str) -> str:
    return (target[1:] if target.startswith("/") else f"xl/{target}").lower()


def elements(archive: Archive, part: str, kind: str) -> list[dict[str, str]]:
    """The attributes of every element called `kind`, whatever its prefix."""
    if archive.parts[part].file_size > LARGEST:
        raise Unreadable("unpacks_too_big", limit=LARGEST // MEBIBYTE)
    found = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if name.rpartition(":")[2] == kind:
            found.append(attributes)

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        for chunk in archive.checked(part):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("damaged") from error
    return found
