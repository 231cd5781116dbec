"""Three ways of bringing a roster into the registry: ours, the stock one, and the floor."""

from pathlib import Path
from typing import Any

from django.core.files import File
from django.db import connection, transaction
from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from import_export.widgets import CharWidget, DateWidget, ForeignKeyWidget, IntegerWidget, Widget
from python_calamine import CalamineWorkbook

from accounts.models import User
from bench.roster import Row
from organizations.models import Association, Department
from registers.batches import keep
from registers.committing import commit
from registers.models import ImportBatch
from registers.register import get
from registers.staging import stage

TYPES = {"脱钩类": "decoupled", "直接登记类": "direct", "未脱钩类": "not_decoupled"}
LEVELS = {"市级": "city", "县级": "county"}


class Disagreement(Exception):
    """A way did not write what the roster says, so its time means nothing."""


def ours(path: Path) -> int:
    """The register engine: preview, then commit, as a user who may import citywide."""
    by = User.objects.get(username="bench")
    with path.open("rb") as file:
        batch = keep(get("associations"), File(file), name=path.name, by=by)
    stage(batch)
    mapped = {column["column"] for column in batch.plan[0]["columns"]}
    if mapped != set(Row._fields):
        raise Disagreement(f"columns: {mapped.symmetric_difference(Row._fields)}")
    if not commit(batch, mode=ImportBatch.Mode.ALL, by=by):
        raise Disagreement(f"not committed: {batch.error} {batch.counts}")
    return int(batch.counts["new"])


class LabelWidget(Widget):
    """A choice by its label."""

    def __init__(self, codes: dict[str, str]) -> None:
        super().__init__()
        self.codes = codes

    def clean(self, value: Any, row: Any = None, **kwargs: Any) -> str:
        return self.codes[value]


class StockResource(ModelResource):
    """What the documentation of django-import-export would have one write, nothing tuned.

    Without `import_id_fields` it would look for a column `id`, which no roster has.
    """

    name = Field("name", "社会组织名称")
    credit_code = Field("credit_code", "统一社会信用代码")
    registration_type = Field("registration_type", "登记类型", LabelWidget(TYPES))
    level = Field("level", "级别", LabelWidget(LEVELS))
    registration_authority = Field(
        "registration_authority", "登记管理机关", ForeignKeyWidget(Department, "name")
    )
    industry_department = Field(
        "industry_department", "行业主管部门", ForeignKeyWidget(Department, "name")
    )
    registered_on = Field("registered_on", "成立登记时间", DateWidget())
    legal_representative = Field("legal_representative", "法定代表人")
    phone = Field("phone", "联系电话")
    address = Field("address", "住所")
    staff_full_time = Field("staff_full_time", "专职工作人员数", IntegerWidget())
    staff_part_time = Field("staff_part_time", "兼职工作人员数", IntegerWidget())
    staff_total = Field("staff_total", "从业人员总数", IntegerWidget())
    party_members = Field("party_members", "正式党员数", IntegerWidget())
    unit_members = Field("unit_members", "单位会员数", IntegerWidget())
    individual_members = Field("individual_members", "个人会员数", IntegerWidget())
    remark = Field("remark", "备注", CharWidget())

    class Meta:
        model = Association
        import_id_fields = ("credit_code",)
        fields = Row._fields


def stock(path: Path) -> int:
    """A stock resource as its admin uses it: read and try, then read again and import."""
    for dry_run in (True, False):
        dataset = XLSX().create_dataset(path.read_bytes())
        result = StockResource().import_data(dataset, dry_run=dry_run)
        if result.has_errors() or result.has_validation_errors():
            raise Disagreement(f"stock: {result.row_errors()[:1]} {result.invalid_rows[:1]}")
    return int(result.totals["new"])


@transaction.atomic
def floor(path: Path) -> int:
    """Read the file and COPY its rows into a table without indexes, constraints or triggers."""
    rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()[1:]
    departments = dict(Department.objects.values_list("name", "pk"))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_floor AS SELECT * FROM organizations_association WITH NO DATA"
        )
        with cursor.copy(f"COPY bench_floor ({', '.join(COLUMNS)}) FROM STDIN") as copy:
            for cells in rows:
                copy.write_row(_stored(cells, departments))
    return len(rows)


def _stored(cells: list[Any], departments: dict[str, int]) -> list[Any]:
    cells[2:6] = TYPES[cells[2]], LEVELS[cells[3]], departments[cells[4]], departments[cells[5]]
    cells[10:16] = map(int, cells[10:16])
    return cells


COLUMNS = [Association._meta.get_field(name).column for name in Row._fields]
WAYS = {"ours": ours, "stock": stock, "floor": floor}
