"""Old .xls files: the compound file around them, and the error cells that reading would drop.

Sources: [MS-CFB] for the container, [MS-XLS] for the records.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator

from .cells import CellProblem, PlacedProblem
from .unreadable import Unreadable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST_REGULAR_SECTOR = 0xFFFFFFFA
DIRECTORY_ENTRY = 128
WORKBOOK_STREAMS = ("Workbook", "Book")
OTHER_DOCUMENTS = {"WordDocument": "Word", "PowerPoint Document": "PowerPoint"}

BOUND_SHEET, FORMULA, ERROR_OR_BOOLEAN = 0x85, 0x06, 0x205
START, END, FILE_PASSWORD = 0x809, 0x0A, 0x2F
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
MAY_HOLD_ERROR = re.compile(rb"\x05\x02\x08\x00.{7}\x01|\x06\x00.{8}\x02.{5}\xff\xff", re.DOTALL)


class CompoundFile:
    """The streams of an OLE compound file; raises Unreadable where its chains lead astray."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.sector_size = 1 << self._number("<H", 30)
        if self.sector_size not in (512, 4096):
            raise Unreadable("damaged")
        self.table = self._allocation_table()
        self.streams = self._directory(self._number("<I", 48))

    def _number(self, layout: str, at: int) -> int:
        try:
            return struct.unpack_from(layout, self.content, at)[0]
        except struct.error as error:
            raise Unreadable("truncated") from error

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.sector_size
        return self.content[start : start + self.sector_size]

    def _allocation_table(self) -> list[int]:
        listed = struct.unpack_from("<109I", self.content.ljust(512, b"\0"), 76)
        sectors = [number for number in listed if number < LAST_REGULAR_SECTOR]
        following = self._number("<I", 68)
        most = len(self.content) // self.sector_size
        while following < LAST_REGULAR_SECTOR and len(sectors) <= most:
            numbers = whole_numbers(self._sector(following))
            if not numbers:
                raise Unreadable("truncated")
            sectors += [number for number in numbers[:-1] if number < LAST_REGULAR_SECTOR]
            following = numbers[-1]
        return [entry for number in sectors[:most] for entry in whole_numbers(self._sector(number))]

    def _chain(self, sector: int) -> bytes:
        pieces: list[bytes] = []
        while sector < LAST_REGULAR_SECTOR:
            if sector >= len(self.table) or len(pieces) > len(self.table):
                raise Unreadable("truncated")
            pieces.append(self._sector(sector))
            sector = self.table[sector]
        return b"".join(pieces)

    def _directory(self, sector: int) -> dict[str, tuple[int, int]]:
        """First sector and length of each entry, by its name."""
        entries = self._chain(sector)
        streams = {}
        for at in range(0, len(entries) - DIRECTORY_ENTRY + 1, DIRECTORY_ENTRY):
            length = struct.unpack_from("<H", entries, at + 64)[0]
            name = entries[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            streams[name] = struct.unpack_from("<II", entries, at + 116)
        return streams

    def stream(self, name: str) -> bytes:
        """A stream of at least 4,096 bytes, which every workbook stream is padded to."""
        sector, length = self.streams[name]
        if length < self._number("<I", 56):
            return b""
        return self._chain(sector)[:length]


def whole_numbers(content: bytes) -> tuple[int, ...]:
    count = len(content) // 4
    return struct.unpack(f"<{count}I", content[: count * 4])


def check_xls(content: bytes) -> dict[int, list[PlacedProblem]]:
    """Error cells by 0-based sheet; raises Unreadable for anything but an open .xls workbook."""
    compound = CompoundFile(content)
    if "EncryptedPackage" in compound.streams:
        raise Unreadable("password_protected")
    for stream, program in OTHER_DOCUMENTS.items():
        if stream in compound.streams:
            raise Unreadable("other_document", found=program)
    for stream in WORKBOOK_STREAMS:
        if stream in compound.streams:
            records_of_workbook = compound.stream(stream)
            check_open(records_of_workbook)
            return error_cells(records_of_workbook)
    raise Unreadable("not_a_workbook")


def check_open(stream: bytes) -> None:
    """Refuses a stream whose first substream, the workbook's globals, announces a password."""
    for _at, kind, _body in records(stream):
        if kind == FILE_PASSWORD:
            raise Unreadable("password_protected")
        if kind == END:
            return


def error_cells(stream: bytes) -> dict[int, list[PlacedProblem]]:
    if not MAY_HOLD_ERROR.search(stream):
        return {}
    sheets: list[int] = []
    found: dict[int, list[PlacedProblem]] = {}
    current = -1
    for at, kind, body in records(stream):
        if kind == BOUND_SHEET and len(body) >= 4:
            sheets.append(struct.unpack_from("<I", body)[0])
        elif kind == START and at in sheets:
            current = sheets.index(at)
        elif kind in (ERROR_OR_BOOLEAN, FORMULA):
            problem = error_in(kind, body)
            if problem and current >= 0:
                found.setdefault(current, []).append(problem)
    return found


def records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Offset, kind and body of each record."""
    at = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield at, kind, stream[at + 4 : at + 4 + length]
        at += 4 + length


def error_in(kind: int, body: bytes) -> PlacedProblem | None:
    if kind == ERROR_OR_BOOLEAN and len(body) >= 8 and body[7] == 1:
        code = body[6]
    elif kind == FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        code = body[8]
    else:
        return None
    row, column = struct.unpack_from("<HH", body)
    return row + 1, column + 1, CellProblem("error_value", ERRORS.get(code, "#N/A"))
