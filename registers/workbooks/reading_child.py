"""The process that lets python-calamine loose on an upload, and may die of it.

Started by `process.py` as a script: `reading_child.py LIBRARY_DIRECTORY FILE MEMORY CPU ROWS
COLUMNS CELLS`. It waits for a byte on standard input, then writes frames to standard output: a
length in eight bytes, then a marshalled tuple whose first item names what follows. It imports
neither Django nor this package, because its start is part of every import.
"""

import gc
import marshal
import re
import resource
import struct
import sys
from typing import Any

CHUNK_ROWS = 1_000
LARGEST_EXACT = 2**53
# What XML 1.0 forbids: no workbook can hold it again.
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
REFUSED = "refused"
GRACE_SECONDS = 10


class Refused(Exception):
    """The code and the parameters of an `Unreadable`."""


def limit_resources(memory: int, seconds: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # The signal that says why must come well before the one that cannot be caught: on a loaded
    # machine processor time is counted in leaps.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + GRACE_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def send(*frame: Any) -> None:
    payload = marshal.dumps(frame)
    sys.stdout.buffer.write(struct.pack("<Q", len(payload)) + payload)


class Limits:
    def __init__(self, rows: int, columns: int, cells: int) -> None:
        self.rows, self.columns, self.cells = rows, columns, cells
        self.spent = 0

    def check_extent(self, sheet: Any) -> None:
        rows, columns = (last + 1 for last in sheet.end)
        if rows > self.rows:
            found = {"sheet": sheet.name, "found": rows, "limit": self.rows}
            raise Refused("too_many_rows", found)
        if columns > self.columns:
            found = {"sheet": sheet.name, "found": columns, "limit": self.columns}
            raise Refused("too_many_columns", found)

    def spend(self, cells: int) -> None:
        self.spent += cells
        if self.spent > self.cells:
            raise Refused("too_many_cells", {"limit": self.cells})


def send_workbook(path: str, limits: Limits) -> None:
    import python_calamine

    with open(path, "rb") as upload:
        try:
            workbook = python_calamine.load_workbook(upload)
        except python_calamine.PasswordError as error:
            raise Refused("password_protected", {}) from error
        worksheets = [
            (position, entry.name, entry.visible != python_calamine.SheetVisibleEnum.Visible)
            for position, entry in enumerate(workbook.sheets_metadata)
            if entry.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        send("workbook")
        for position, name, hidden in worksheets:
            send_sheet(workbook.get_sheet_by_name(name), position, hidden, limits)
        send("end")


def send_sheet(sheet: Any, position: int, hidden: bool, limits: Limits) -> None:
    if sheet.end is None:
        send("sheet", position, sheet.name, hidden, (0, 0), [])
        return
    limits.check_extent(sheet)
    extent = (sheet.end[0] + 1, sheet.end[1] + 1)
    send("sheet", position, sheet.name, hidden, extent, sheet.merged_cell_ranges or [])
    send_rows(sheet, limits)


def send_rows(sheet: Any, limits: Limits) -> None:
    """Frames ("rows", [(row, cells)], [(index, column, kind, value)]) of the non-blank rows.

    Values that marshal does not know travel in the second list and are put in place by the
    parent; `index` and `column` count from 0.
    """
    indent = [None] * sheet.start[1]
    rows: list[Any] = []
    specials: list[Any] = []
    for number, values in enumerate(sheet.iter_rows(), 1):
        cells = plain_cells(indent + values, len(rows), specials)
        if not cells:
            continue
        limits.spend(len(cells))
        rows.append((number, cells))
        if len(rows) == CHUNK_ROWS:
            send("rows", rows, specials)
            rows, specials = [], []
    send("rows", rows, specials)


def plain_cells(values: list, index: int, specials: list) -> list:
    """The values as marshal can carry them, without the blanks at the end of the row."""
    for column, value in enumerate(values):
        kind = type(value)
        if kind is str:
            if not value:
                values[column] = None
            elif not value.isprintable() and CONTROL.search(value):
                specials.append((index, column, "control_characters", value))
        elif kind is float:
            if value.is_integer():
                if -LARGEST_EXACT < value < LARGEST_EXACT:
                    values[column] = int(value)
            elif value - value != 0:
                specials.append((index, column, "error_value", repr(value)))
        elif value is not None and kind is not int and kind is not bool:
            specials.append((index, column, kind.__name__, carried(value, kind.__name__)))
            values[column] = 0
    while values and values[-1] is None:
        values.pop()
    return values


def carried(value: Any, kind: str) -> Any:
    if kind == "date":
        return value.toordinal()
    if kind == "timedelta":
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return "{}:{:02}:{:02}".format(*divmod(minutes, 60), seconds)
    return value.isoformat()


def main() -> None:
    library, path, memory, seconds, rows, columns, cells = sys.argv[1:]
    sys.path.append(library)
    import python_calamine  # noqa: F401  # loaded while the parent still checks the file

    limit_resources(int(memory), int(seconds))
    gc.disable()
    if not sys.stdin.buffer.read(1):
        return
    try:
        send_workbook(path, Limits(int(rows), int(columns), int(cells)))
    except Refused as refusal:
        send(REFUSED, *refusal.args)
    except MemoryError:
        send(REFUSED, "reader_died", {})
    except Exception:
        send(REFUSED, "damaged", {})
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
