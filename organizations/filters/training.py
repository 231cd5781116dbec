"""Filters of the list of attendances at training sessions."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import TrainingAttendance, TrainingSession
from registers.filters import ListFilter

ATTENDEES = {"instructors": _("Instructors"), "others": _("Other Party workers")}


class AttendanceFilter(ListFilter):
    """Filters of the list of attendances at training sessions held by the day asked for."""

    q = django_filters.CharFilter(method="by_text", label=_("Name, unit or session"))
    kind = django_filters.ChoiceFilter(
        field_name="session__kind", choices=TrainingSession.Kind.choices, label=_("Kind")
    )
    of = django_filters.ChoiceFilter(
        choices=list(ATTENDEES.items()), method="by_attendee", label=_("Attended by")
    )

    class Meta:
        model = TrainingAttendance
        fields: list[str] = []

    def filter_queryset(self, queryset: Any) -> Any:
        return super().filter_queryset(queryset.as_of(self.on))

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        said = Q(name__icontains=value) | Q(unit__icontains=value)
        return queryset.filter(said | Q(session__title__icontains=value))

    def by_attendee(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(instructor__isnull=value != "instructors")
