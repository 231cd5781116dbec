"""City departments and the Party committees through which they lead their associations."""

import datetime
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.coverage import percentage
from organizations.forms.party import CommitteeForm
from organizations.models import Association, Department, PartyOrganization
from organizations.querysets.departments import DepartmentQuerySet
from registers.columns import Column, CountColumn
from registers.days import requested_day
from registers.downloads import EXPORT, day_and_number, exportable, table_response, wants_workbook
from registers.filters import said_of
from registers.views.records import RecordAdd

VIEW, EDIT = Permission.VIEW_REGISTRY, Permission.EDIT_ASSOCIATION
Form = PartyOrganization.CommitteeForm
ROWS_PER_PAGE = 50
COLUMNS = (
    Column(key="department", label=gettext_lazy("Department"), width=28),
    Column(key="committee", label=gettext_lazy("Committee"), width=40),
    Column(key="form", label=gettext_lazy("Form"), width=22),
    CountColumn(key="managed", label=gettext_lazy("Associations managed")),
    CountColumn(key="covered", label=gettext_lazy("Covered")),
    Column(key="share", label=gettext_lazy("Coverage, %")),
)
TABS = {
    "": gettext_lazy("All city departments"),
    Form.ENTITY.value: Form.ENTITY.label,
    Form.INTEGRATED.value: Form.INTEGRATED.label,
    "none": gettext_lazy("Without either"),
}


@require_safe
@requires(VIEW)
def committee_list(request: HttpRequest) -> HttpResponse:
    """The city departments in scope, each with its committee, how many associations it manages and
    how far these are covered."""
    on, problem = requested_day(request.GET.get("as_of"))
    known = Department.objects.for_user(request.user, VIEW).at_city_level()
    chosen = request.GET.get("committee", "")
    chosen = chosen if chosen in TABS else ""
    rows = _in(known, chosen, on).order_by("pk")
    if wants_workbook(request):
        return _workbook(request.user, exportable(rows, request.user), chosen, on)
    page = Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "may_export": request.user.has_perm(EXPORT),
        "tabs": [
            {
                "label": label,
                "url": f"{request.path}?committee={key}&as_of={on.isoformat()}",
                "current": key == chosen,
                "count": _in(known, key, on).count(),
            }
            for key, label in TABS.items()
        ],
        "on": on,
        "day_problem": problem,
        "page": page,
        "entries": _entries(request.user, list(page.object_list), on),
        "crumbs": [
            (_("Party organisations"), reverse("organizations:partyorganization-list")),
            (_("Departments' committees"), ""),
        ],
    }
    return render(request, "organizations/committee_list.html", context)


def _workbook(user: Any, rows: DepartmentQuerySet, chosen: str, on: datetime.date) -> HttpResponse:
    entries = _entries(user, list(rows), on)
    records = (
        {
            "department": str(entry["department"]),
            "committee": "；".join(map(str, entry["committees"])),
            "form": "；".join(str(c.get_committee_form_display()) for c in entry["committees"]),
            "managed": entry["managed"],
            "covered": entry["covered"],
            "share": "" if entry["share"] is None else str(entry["share"]),
        }
        for entry in entries
    )
    notes = [day_and_number(on, len(entries)), said_of(_("Form of the committee"), TABS[chosen])]
    return table_response(_("Departments' committees"), COLUMNS, records, notes)


def _in(rows: DepartmentQuerySet, key: str, on: datetime.date) -> DepartmentQuerySet:
    """Assessed industry departments, and whoever else leads through a committee."""
    if key == "none":
        return rows.without_committee(on).filter(is_assessed=True)
    if key:
        return rows.with_committee(key, on)
    hosts = rows.exclude(pk__in=rows.without_committee(on).order_by().values("pk"))
    return rows.filter(Q(is_assessed=True) | Q(pk__in=hosts.order_by().values("pk")))


def _entries(user: Any, departments: list[Any], on: datetime.date) -> list[dict[str, Any]]:
    committees = PartyOrganization.objects.committees().existing(on)
    hosted: dict[Any, list[PartyOrganization]] = {}
    for committee in committees.filter(host_department__in=departments):
        hosted.setdefault(committee.host_department_id, []).append(committee)
    managed = _managed(user, departments, on)
    may_add = set(
        Department.objects.for_user(user, EDIT).order_by().values_list("pk", flat=True)
        if user.has_perm(EDIT)
        else ()
    )
    entries = []
    for department in departments:
        number, covered = managed.get(department.pk, (0, 0))
        entries.append(
            {
                "department": department,
                "committees": hosted.get(department.pk, []),
                "managed": number,
                "covered": covered,
                "share": percentage(covered, number),
                "may_add": department.pk in may_add,
            }
        )
    return entries


def _managed(user: Any, departments: list[Any], on: datetime.date) -> dict[int, tuple[int, int]]:
    """Per department how many active associations in scope it manages, and how many of these are
    covered."""
    active = Association.objects.for_user(user, VIEW).active(on).with_coverage(on)
    rows = active.filter(industry_department__in=departments).order_by()
    counted = rows.values("industry_department").annotate(
        number=Count("pk"), number_covered=Count("pk", filter=Q(covered=True))
    )
    return {row["industry_department"]: (row["number"], row["number_covered"]) for row in counted}


class CommitteeAdd(RecordAdd):
    """Records the committee of a department; an existing one is changed on its own page."""

    permission = EDIT
    form_class = CommitteeForm

    def rows(self) -> QuerySet[Any]:
        return PartyOrganization.objects.for_user(self.request.user, EDIT)

    def make(self) -> PartyOrganization:
        rows = Department.objects.for_user(self.request.user, EDIT).at_city_level()
        self.department = get_object_or_404(rows, pk=self.kwargs["department"])
        return PartyOrganization(
            host_department=self.department,
            kind=PartyOrganization.Kind.COMMITTEE,
        )

    def title(self) -> str:
        return _("Committee of %(department)s") % {"department": self.department}

    def crumbs(self) -> list[tuple[str, str]]:
        return [(_("Departments' committees"), self.back_url()), (self.title(), "")]

    def back_url(self) -> str:
        return reverse("organizations:committee-list")

    def success_url(self, row: Any) -> str:
        return reverse("organizations:partyorganization-detail", args=[row.pk])
