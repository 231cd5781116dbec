"""The list of Party-building instructors and the page of each."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.decorators import requires
from accounts.permissions import Permission
from organizations.filters.instructors import InstructorFilter
from organizations.models import AssignmentRules, Association, Instructor, UnresolvedAssignment
from organizations.operations.assignments import endable, may_be_assigned
from organizations.operations.instructors import editable
from organizations.rules import rhythm_rule
from organizations.timelines.instructor import instructor_timeline
from organizations.views.work import LATEST
from registers import register as registry
from registers.columns import Column
from registers.lists import RegisterList
from registers.personal import masked, personal_fields, seen_in_full
from registers.timeline import ENTRIES_PER_PAGE

VIEW = Permission.VIEW_REGISTRY
TRAININGS_SHOWN = 10


class InstructorList(RegisterList):
    register_key = "instructors"
    filterset_class = InstructorFilter
    template_name = "organizations/instructor_list.html"
    main_filters = ("in_pool", "assigned")
    sort_fields = {
        "name": "pinyin",
        "unit": "unit",
        "post": "post",
        "engagement": "engagement",
        "in_pool": "in_pool",
        "term_from": "term_from",
        "term_until": "term_until",
    }

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        follow_ups = self.register.follow_ups(self.request.user)
        may_edit = self.request.user.has_perm(Permission.EDIT_INSTRUCTOR)
        return super().get_context_data(
            follow_ups=follow_ups, may_propose=may_edit, may_add=may_edit, **kwargs
        )

    @cached_property
    def chosen_columns(self) -> list[Column]:
        """Who asks for terms sees them, unless other columns are chosen."""
        columns = super().chosen_columns
        if not self.request.GET.get("term") or self.request.GET.getlist("columns"):
            return columns
        keys = {column.key for column in columns} | {"term_from", "term_until"}
        return [column for column in self.register.columns if column.key in keys]

    def filter_options(self) -> dict[str, Any]:
        scope = self.request.user, self.permission
        return {
            "associations": Association.objects.for_user(*scope),
            "unresolved": UnresolvedAssignment.objects.for_user(*scope),
        }


@require_safe
@requires(Permission.VIEW_REGISTRY)
def instructor_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An instructor and the associations in scope that he or she works or worked with."""
    visible = Instructor.objects.for_user(request.user, VIEW).with_term_state(timezone.localdate())
    instructor = get_object_or_404(visible.select_related("department"), pk=pk)
    register = registry.get("instructors")
    show_personal = bool(seen_in_full(register, [pk], request.user, register.columns))
    today = timezone.localdate()
    assignments = instructor.assignments.for_user(request.user, VIEW)
    unresolved = instructor.unresolved.for_user(request.user, VIEW)
    shown = assignments.with_rhythm(today).select_related("association")
    work = instructor.work.for_user(request.user, VIEW).select_related("association", "instructor")
    trainings = instructor.attendances.for_user(request.user, VIEW).select_related(
        "session__organiser"
    )
    entries = instructor_timeline(instructor, viewer=request.user, hide_personal=not show_personal)
    context = {
        "instructor": instructor,
        "crumbs": [
            (_("Instructors"), reverse("organizations:instructor-list")),
            (instructor.name, ""),
        ],
        "facts": _facts(instructor, show_personal),
        "show_personal": show_personal,
        "assignments": shown.order_by(F("ended_on").desc(nulls_first=True), "-assigned_on", "pk"),
        "load": instructor.assignments.at_work(today).count(),
        "most": AssignmentRules.objects.in_force().most,
        "rule": rhythm_rule(),
        "work": work[:LATEST],
        "work_count": work.count(),
        "trainings": trainings[:TRAININGS_SHOWN],
        "may_edit": editable(request.user).filter(pk=pk).exists(),
        "may_assign": may_be_assigned(request.user).filter(pk=pk).exists(),
        "endable": endable(request.user, instructor.assignments),
        "today": today,
        "elsewhere": instructor.assignments.as_of(today)
        .exclude(pk__in=assignments.order_by().values("pk"))
        .count(),
        "unresolved": unresolved,
        "history": Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "organizations/instructor_detail.html", context)


def _facts(instructor: Instructor, show_personal: bool) -> list[tuple[str, Any]]:
    values = {
        "gender": instructor.get_gender_display(),
        "unit": instructor.unit,
        "post": instructor.post,
        "engagement": instructor.get_engagement_display(),
        "phone": instructor.phone,
        "in_pool": _("Yes") if instructor.in_pool else _("No"),
        "term_from": instructor.term_from,
        "term_until": instructor.term_until,
        "department": instructor.department or "",
        "remark": instructor.remark,
    }
    hidden = set() if show_personal else personal_fields(Instructor)
    labels = {field.name: capfirst(str(field.verbose_name)) for field in Instructor._meta.fields}
    return [
        (labels[name], masked(value) if name in hidden else value) for name, value in values.items()
    ]
