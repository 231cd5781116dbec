"""What the public may choose associations by, and in which order they stand."""

import datetime
from urllib.parse import urlencode

import django_filters
from django.core.paginator import Paginator
from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.filters.choices import department_choices, place_choices
from organizations.models import Association, Coverage, PartyOrganization, Rating
from organizations.querysets.associations import AssociationQuerySet
from organizations.search.matching import relevance
from registers.filters import ListFilter

Rows = AssociationQuerySet
MOST_INDUSTRIES = 200
MOST_RANKED = 1_000
# Each industry is looked up behind the one before: a step per industry, none per association.
INDUSTRIES = """
WITH RECURSIVE found(industry) AS (
    (SELECT industry FROM organizations_association WHERE industry > '' ORDER BY industry LIMIT 1)
    UNION ALL
    SELECT (
        SELECT industry FROM organizations_association
        WHERE industry > found.industry ORDER BY industry LIMIT 1
    ) FROM found WHERE found.industry IS NOT NULL
)
SELECT industry FROM found WHERE industry IS NOT NULL LIMIT %s
"""
SORTS = {
    "": _("By name"),
    "-registered_on": _("Newest first"),
    "registered_on": _("Oldest first"),
}


class CountedPages(Paginator):
    """Pages of rows that have been counted already."""

    def __init__(self, rows: Rows, per_page: int, count: int) -> None:
        super().__init__(rows, per_page)
        self.count = count  # computed where nobody has set it


def industry_choices() -> list[tuple[str, str]]:
    """The industries that the registry names."""
    with connection.cursor() as cursor:
        cursor.execute(INDUSTRIES, [MOST_INDUSTRIES])
        return [(name, name) for (name,) in cursor.fetchall()]


class DirectoryFilter(ListFilter):
    """Filters of the public directory; all of what they look at is public."""

    q = django_filters.CharFilter(method="by_text", label=_("Name, pinyin, initials or code"))
    county = django_filters.ChoiceFilter(
        choices=place_choices, method="by_county", label=_("County or district")
    )
    department = django_filters.ChoiceFilter(
        field_name="industry_department__code",
        choices=department_choices,
        label=_("Industry department"),
    )
    registration_type = django_filters.ChoiceFilter(
        choices=Association.RegistrationType.choices, label=_("Registration type")
    )
    covered = django_filters.ChoiceFilter(
        choices=[("yes", _("Has a Party organisation")), ("no", _("Has none yet"))],
        method="by_covered",
        label=_("Party organisation"),
    )
    level = django_filters.ChoiceFilter(choices=Association.Level.choices, label=_("Level"))
    kind = django_filters.ChoiceFilter(choices=Association.Kind.choices, label=_("Kind"))
    industry = django_filters.ChoiceFilter(choices=industry_choices, label=_("Industry"))
    rating = django_filters.ChoiceFilter(
        choices=Rating.Grade.choices, method="by_rating", label=_("Rating")
    )
    party_kind = django_filters.ChoiceFilter(
        choices=PartyOrganization.Kind.choices,
        method="by_party_kind",
        label=_("Kind of Party organisation"),
    )
    sort = django_filters.ChoiceFilter(
        choices=[(key, label) for key, label in SORTS.items() if key],
        empty_label=SORTS[""],
        method="by_nothing",
        label=_("Sort by"),
    )

    class Meta:
        model = Association
        fields: list[str] = []

    def pages(self, size: int) -> Paginator:
        """The associations chosen, `size` to a page, in the order asked for; of those that a text
        finds the best first, unless it finds more than anybody looks at and is no whole name."""
        chosen = self.in_force()
        sort, text = chosen.get("sort", ""), chosen.get("q", "")
        found: Rows = self._found() if text else self.qs
        counts = {"rows": Count("pk")}
        if text:  # without one, the index alone counts
            counts["named"] = Count("pk", Q(name=text.strip()))
        known = found.order_by().aggregate(**counts)
        ranked = text and (known["rows"] <= MOST_RANKED or known["named"])
        return CountedPages(self._ordered(found, sort, text if ranked else ""), size, known["rows"])

    def _found(self) -> Rows:
        """What a text finds: looked for once and then named by key, unless it is too much."""
        few = list(self.qs.order_by().values_list("pk", flat=True)[: MOST_RANKED + 1])
        return Association.objects.filter(pk__any_of=few) if len(few) <= MOST_RANKED else self.qs

    def _ordered(self, rows: Rows, sort: str, text: str) -> Rows:
        if sort:
            day = F("registered_on")
            newest_first = sort.startswith("-")
            order = day.desc(nulls_last=True) if newest_first else day.asc(nulls_last=True)
            return rows.order_by(order, "-pk" if newest_first else "pk")
        if text:
            return rows.order_by(relevance(text), "pinyin", "pk")
        return rows

    def chosen(self) -> list[tuple[str, str]]:
        """Each filter in force: what it says, and the address of the directory without it."""
        found = []
        for name in self.in_force():
            if name not in ("q", "sort"):
                rest: QueryDict = self.data.copy()
                rest.pop(name, None)
                rest.pop("page", None)
                field, value = self.form.fields[name], self.form.cleaned_data[name]
                label = dict(field.choices)[value]
                found.append((str(label), f"?{rest.urlencode()}"))
        return found

    def by_text(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.search(value)

    def by_county(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset.in_county(value)

    def by_covered(self, queryset: Rows, name: str, value: str) -> Rows:
        organised = Coverage.objects.existing(self.on).order_by()
        if value == "yes":
            return queryset.filter(pk__in=organised.values("association"))
        return queryset.filter(~Exists(organised.filter(association=OuterRef("pk"))))

    def by_rating(self, queryset: Rows, name: str, value: str) -> Rows:
        rated = Rating.objects.as_of(self.on).filter(grade=value)
        return queryset.filter(pk__in=rated.order_by().values("association"))

    def by_party_kind(self, queryset: Rows, name: str, value: str) -> Rows:
        found = Coverage.objects.existing(self.on).filter(party_organization__kind=value)
        return queryset.filter(pk__in=found.order_by().values("association"))

    def by_nothing(self, queryset: Rows, name: str, value: str) -> Rows:
        return queryset


def directory_url(**filters: str) -> str:
    """The directory with these filters set."""
    return f"{reverse('organizations:directory')}?{urlencode(filters)}"


def county_of(association: Association) -> tuple[str, str] | None:
    """The county that an association is counted in, as (value of the filter, name)."""
    place = association.division
    if association.level == Association.Level.CITY or place is None:
        return None
    return (place.county.code, place.county.name) if place.county else None


def current_rating(association: Association, on: datetime.date) -> Rating | None:
    return Rating.objects.as_of(on).filter(association=association).first()
