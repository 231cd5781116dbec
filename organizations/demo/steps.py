"""What the demo shows of the registry, step by step; each is safe to repeat."""

from collections.abc import Iterator, Mapping

from django.utils import timezone

from accounts.models import User
from organizations.demo.duplicates import make_likely_duplicates
from organizations.demo.establishments import load_establishments
from organizations.demo.leadership import load_leadership
from organizations.demo.party import load_party
from organizations.demo.proposals import propose_for_demo
from organizations.demo.reports import freeze_demo_reports
from organizations.demo.suggestions import load_suggestions
from organizations.demo.work import give_reasons, link_log_in, log_weeks

INSTRUCTOR, INSTRUCTORS_COUNTY = "instructor", "371721"
# Associations come before their results and their instructors, which name them, and attendance
# after all.
WORKBOOKS = (
    ("associations", "市级行业协会商会基本情况统计表.xlsx"),
    ("associations", "县区行业协会商会党建情况统计表.xlsx"),
    ("associations", "镇街商会党建情况统计表.xlsx"),
    ("associations", "行业协会商会2025年度检查结果汇总表.xlsx"),
    ("instructors", "党建工作指导员花名册.xlsx"),
    ("attendances", "党务工作者培训签到册.xlsx"),
)


def complete(people: Mapping[str, User]) -> Iterator[str]:
    """Add to the imported workbooks what no workbook holds; says what was done.

    people: the demo's log-ins by their names
    """
    office, administrator = people["reviewer"], people["admin"]
    today = timezone.localdate()
    propose_for_demo(office)
    make_likely_duplicates()
    freeze_demo_reports(office)
    yield f"{load_establishments(administrator)} associations on their way"
    link_log_in(people[INSTRUCTOR], INSTRUCTORS_COUNTY)
    give_reasons(today)
    yield f"work log: {log_weeks(today, administrator)} new entries"
    load_suggestions(office)
    load_leadership()
    load_party(administrator)
