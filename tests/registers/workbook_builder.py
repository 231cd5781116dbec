"""Small rosters as xlsx, and the way of a roster through the engine."""

import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection
from openpyxl import Workbook

from organizations.models import Association
from registers import register as registry
from registers.batches import keep
from registers.committing import commit
from registers.models import ImportBatch, ImportRow
from registers.reports import problems_of
from registers.staging import stage

NAME, CODE, PARTY = "社会组织名称", "统一社会信用代码", "是否建立党组织"
PARTY_NAME, PARTY_KIND, SINCE = "党组织名称", "党组织类别", "党组织成立时间"
PERSON, UNIT, SERVED = "姓名", "工作单位", "联系指导社会组织"
Rows = Sequence[Mapping[str, Any]]


def roster(
    *rows: Mapping[str, Any],
    title: str = "花名册",
    sheet: str = "Sheet1",
    more: Mapping[str, Rows] | None = None,
) -> bytes:
    """A workbook of one header row in row 2 and a record in each row from 3 on.

    rows: cells by heading; a heading is written if any row has it
    more: further sheets by name
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, records in {sheet: rows, **(more or {})}.items():
        headings = list(dict.fromkeys(key for record in records for key in record))
        page = book.create_sheet(name)
        page.append([title])
        page.append(headings)
        for record in records:
            page.append([record.get(heading) for heading in headings])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def staged(
    content: bytes | Path,
    register: str = "associations",
    *,
    by: Any = None,
    name: str = "名册.xlsx",
    **values: Any,
) -> ImportBatch:
    """A batch that has been checked."""
    if isinstance(content, Path):
        content, name = content.read_bytes(), content.name
    batch = keep(registry.get(register), ContentFile(content), name=name, by=by)
    for field, value in values.items():
        setattr(batch, field, value)
    stage(batch)
    return batch


def imported(
    content: bytes | Path, register: str = "associations", *, mode: str = "all", by: Any = None
) -> ImportBatch:
    """A batch that has been written."""
    batch = staged(content, register, by=by)
    assert batch.status == ImportBatch.Status.STAGED, batch.error
    assert mode == "good" or not batch.counts["wrong"], list(problems_of(batch))
    assert commit(batch, mode=mode, by=by), batch.error
    return batch


def imported_rows(*rows: Mapping[str, Any], **options: Any) -> ImportBatch:
    return imported(roster(*rows), **options)


def counts(batch: ImportBatch) -> dict[str, int]:
    """The counts that are not 0."""
    return {action: count for action, count in batch.counts.items() if count}


def codes(batch: ImportBatch) -> list[tuple[int, str | None, str]]:
    """Row, column and code of every problem."""
    return [(p["row"], p["column"], p["code"]) for p in problems_of(batch)]


def only_problem(batch: ImportBatch) -> dict[str, Any]:
    (problem,) = problems_of(batch)
    return problem


def only_row(batch: ImportBatch) -> ImportRow:
    return batch.rows.get()


def association(name: str) -> Association:
    return Association.objects.get(name=name)


def row_counts() -> dict[str, int]:
    """How many rows every table of the database holds, but for those of imports."""
    with connection.cursor() as cursor:
        tables = [
            table
            for table in connection.introspection.table_names(cursor)
            if table not in ("registers_importbatch", "registers_importrow")
        ]
        found = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = cursor.fetchone()[0]
    return found


def command(content: bytes, *options: str, register: str = "associations") -> tuple[int, Any]:
    """Exit status and JSON of `import_register --json` for a file of this content."""
    out = io.StringIO()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "名册.xlsx"
        path.write_bytes(content)
        try:
            call_command("import_register", register, str(path), "--json", *options, stdout=out)
            status = 0
        except SystemExit as end:
            status = int(end.code or 0)
    return status, json.loads(out.getvalue())
