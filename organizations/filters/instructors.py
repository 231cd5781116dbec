"""Filters of the list of instructors."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from organizations.filters.choices import WORK, YES_NO
from organizations.models import Assignment, Association, Instructor
from organizations.querysets.associations import AssociationQuerySet
from organizations.querysets.instructors import InstructorQuerySet
from organizations.search.matching import people
from registers.filters import ListFilter

Rows = AssociationQuerySet
People = InstructorQuerySet

LOAD = {
    "none": _("No association"),
    "some": _("Fewer than usual at most"),
    "full": _("As many as usual at most"),
    "over": _("More than usual at most"),
}
TERM = {
    "due": _("Over, or ends within six months"),
    "over": _("Over, still at work"),
    "ending": _("Ends within six months"),
}


class InstructorFilter(ListFilter):
    """Filters of the list of instructors: q, in_pool, assigned, load, term, work, unresolved."""

    q = django_filters.CharFilter(method="by_text", label=_("Name, pinyin or initials"))
    in_pool = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_pool", label=_("In the talent pool")
    )
    assigned = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_assignment", label=_("With a current assignment")
    )

    serves = django_filters.ChoiceFilter(
        choices=Association.Kind.choices,
        method="by_kind_served",
        label=_("Works with associations of the kind"),
    )
    load = django_filters.ChoiceFilter(
        choices=list(LOAD.items()), method="by_load", label=_("Number of associations")
    )
    term = django_filters.ChoiceFilter(
        choices=list(TERM.items()), method="by_term", label=_("Term")
    )
    work = django_filters.ChoiceFilter(
        choices=list(WORK.items()), method="by_work", label=_("Rhythm")
    )
    unresolved = django_filters.ChoiceFilter(
        choices=YES_NO, method="by_unresolved", label=_("Names associations not in the registry")
    )

    class Meta:
        model = Instructor
        fields: list[str] = []

    def __init__(
        self, *args: Any, associations: Rows, unresolved: QuerySet[Any], **kwargs: Any
    ) -> None:
        """associations: those in scope; only work with them counts as an assignment
        unresolved: the names in scope that no association bears
        """
        super().__init__(*args, **kwargs)
        self.associations = associations
        self.unresolved = unresolved

    def by_text(self, queryset: People, name: str, value: str) -> People:
        return queryset.filter(people(value))

    def by_pool(self, queryset: People, name: str, value: str) -> People:
        return queryset.filter(in_pool=value == "yes")

    def by_assignment(self, queryset: People, name: str, value: str) -> People:
        dispatched = queryset.dispatched(self.on, self.associations.active(self.on))
        return dispatched if value == "yes" else queryset.exclude(pk__in=dispatched.values("pk"))

    def by_kind_served(self, queryset: People, name: str, value: str) -> People:
        return queryset.serving_kind(self.on, self.associations.active(self.on), value)

    def by_load(self, queryset: People, name: str, value: str) -> People:
        return queryset.of_load(self.on, self.associations.active(self.on), value)

    def by_term(self, queryset: People, name: str, value: str) -> People:
        rows = queryset.with_term_state(self.on)
        return rows.exclude(term_state="") if value == "due" else rows.filter(term_state=value)

    def by_work(self, queryset: People, name: str, value: str) -> People:
        overdue = Assignment.objects.with_associations(self.associations).overdue(self.on, value)
        return queryset.lacking_work(overdue)

    def by_unresolved(self, queryset: People, name: str, value: str) -> People:
        named = queryset.with_unresolved_names(self.unresolved)
        return named if value == "yes" else queryset.exclude(pk__in=named.values("pk"))
