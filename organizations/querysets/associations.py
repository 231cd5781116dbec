"""Chainable filters and annotations on associations."""

import datetime
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce

from accounts.permissions import Permission
from organizations.members import DUE, UNCOVERED, Part
from organizations.querysets import related
from organizations.querysets.validity import begun, holds, not_ended
from organizations.scoping import association_filter
from organizations.search.matching import matches
from organizations.terms import months_after

LEADERSHIP_YEARS = 5
CITY = 0  # stands among the keys of counties, for city-level associations


def leadership_ending(until: datetime.date) -> models.QuerySet[Any]:
    """The terms of leaders in office that end by `until`, each with the day, `ends_on`: the
    recorded one, else five years after it began (domain.md, Registry)."""
    terms = related.leadership_terms()
    later = terms.filter(
        ~Q(post="vice_president") | Q(name=OuterRef("name")),  # several hold that post at once
        association=OuterRef("association"),
        post=OuterRef("post"),
        valid_from__gt=OuterRef("valid_from"),
    )
    began = months_after(until, -12 * LEADERSHIP_YEARS)
    ended = Q(valid_until__lte=until) | Q(valid_until=None, valid_from__lte=began)
    years = models.Func(
        F("valid_from"),
        template=f"(%(expressions)s + interval '{LEADERSHIP_YEARS} years')::date",
        output_field=models.DateField(),
    )
    rows = terms.filter(ended).exclude(Exists(later))
    return rows.annotate(ends_on=Coalesce("valid_until", years))


class AssociationQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """The associations on which `user` may exercise `permission`."""
        return self.filter(association_filter(user, permission))

    def outside(self, user: Any, permission: Permission) -> Self:
        """The associations on which `user` may not exercise `permission`."""
        within = association_filter(user, permission)
        return self.none() if within == Q() else self.exclude(within)

    def search(self, text: str) -> Self:
        """Those that `text` finds: names, parts of names, pinyin, initials or credit codes."""
        return self.filter(matches(text))

    def named(self, text: str) -> Self:
        """Those that somebody means who types `text` in full: of that name or credit code, else
        those that once bore the name."""
        typed = text.replace("\0", "").strip()
        if not typed:
            return self.none()
        meant = Q(name=typed) | Q(credit_code=typed.upper())
        former = related.former_names().filter(name=typed)
        bore_it = Q(pk__in=former.order_by().values("association"))
        return self.filter(meant | bore_it & ~Exists(self.filter(meant).order_by()))

    def as_of(self, on: datetime.date) -> Self:
        """Active associations: registered by the day `on` and not yet ended on it."""
        return self.filter(begun(on, "registered_on"), not_ended(on, "ended_on"))

    def ended(self, on: datetime.date) -> Self:
        """Those whose registration had ended by the day `on`."""
        return self.filter(ended_on__lte=on)

    def dormant(self, on: datetime.date) -> Self:
        """Those found dormant and not yet disposed of or revived on the day `on`."""
        return self.filter(_is_dormant(on))

    def active(self, on: datetime.date) -> Self:
        """The denominator of coverage; without dormant ones where the setting says so."""
        registered = self.as_of(on)
        return (
            registered if settings.COVERAGE_COUNTS_DORMANT else registered.exclude(_is_dormant(on))
        )

    def with_coverage(self, on: datetime.date) -> Self:
        """Annotates `covered` and `served`: by a Party organisation, by an instructor."""
        return self.annotate(
            covered=ExpressionWrapper(_is_covered(on), models.BooleanField()),
            served=ExpressionWrapper(_is_served(on), models.BooleanField()),
        )

    def covered(self, on: datetime.date) -> Self:
        """Those that a Party organisation, standalone or joint, covers on the day `on`."""
        return self.filter(_is_covered(on))

    def uncovered(self, on: datetime.date) -> Self:
        return self.filter(_not_among(related.counting_coverages(on)))

    def with_instructor(self, on: datetime.date) -> Self:
        """Those to which an instructor is assigned on the day `on`."""
        return self.filter(_is_served(on))

    def without_instructor(self, on: datetime.date) -> Self:
        return self.filter(_not_among(related.assignments().as_of(on)))

    def waiting_for_instructor(self, on: datetime.date) -> Self:
        """Those still registered that no instructor works with, nor will from a later day."""
        assignments = related.assignments().not_over(on)
        return self.active(on).filter(~_among(assignments), ended_on=None)

    def work_covered(self, on: datetime.date) -> Self:
        """Covered, or uncovered but with a current instructor."""
        return self.filter(_is_covered(on) | _is_served(on))

    def not_work_covered(self, on: datetime.date) -> Self:
        return self.uncovered(on).without_instructor(on)

    def ought_to_organise(self, on: datetime.date) -> Self:
        """Uncovered with enough full members today."""
        return self.uncovered_with(DUE, on)

    def without_plan(self, on: datetime.date) -> Self:
        """Those of which no way on the day `on` leads to a Party organisation that is to come."""
        plans = related.establishments().as_of(on)
        return self.exclude(pk__in=plans.yet_to_come().order_by().values("association"))

    def not_begun(self, on: datetime.date) -> Self:
        """Those active on the day `on` that ought to have a Party organisation and are not on their
        way to one."""
        return self.active(on).ought_to_organise(on).without_plan(on)

    def uncovered_with(self, members: Part, on: datetime.date) -> Self:
        """Uncovered with as many full members today as that part of the uncovered has."""
        return self.uncovered(on).filter(members.condition)

    def standing_alone(self, on: datetime.date) -> Self:
        """Those covered on the day `on` by a Party organisation of their own."""
        return self.filter(_among(related.counting_coverages(on).standalone()))

    def joined_together(self, on: datetime.date) -> Self:
        """Those covered on the day `on` by a Party organisation formed with others."""
        return self.filter(_among(related.counting_coverages(on).joint()))

    def by_party_kind(self, on: datetime.date, kinds: Iterable[str]) -> Self:
        """Those covered on the day `on` by a Party organisation of one of `kinds`."""
        return self.filter(_among(related.counting_coverages(on).of_kinds(kinds)))

    def with_enough_members(self) -> Self:
        """Those with enough full members today, covered or not."""
        return self.filter(DUE.condition)

    def with_staff(self) -> Self:
        """Annotates `staff`: the total, else the sum of both parts; None where neither is known."""
        parts = F("staff_full_time") + F("staff_part_time")
        return self.annotate(staff=Coalesce("staff_total", parts))

    def with_both_leaders(self, on: datetime.date) -> Self:
        """Covered ones whose president and whose Party organisation's secretary are recorded
        (CoverageQuerySet.with_both_leaders)."""
        return self.filter(_among(related.coverages().existing(on).with_both_leaders(on)))

    def cross_appointed(self, on: datetime.date) -> Self:
        """Those whose president is the secretary (CoverageQuerySet.cross_appointed)."""
        return self.filter(_among(related.coverages().existing(on).cross_appointed(on)))

    def without_credit_code(self) -> Self:
        return self.filter(credit_code="")

    def without_inspection(self, year: int) -> Self:
        """Those without a result of `year`, though registered by the middle of it."""
        results = related.inspections().filter(year=year)
        return self.filter(begun(datetime.date(year, 6, 30), "registered_on")).exclude(
            _among(results)
        )

    def rating_ending(self, on: datetime.date, until: datetime.date) -> Self:
        """Those whose rating holds on the day `on`, ends by `until` and is followed by none."""
        ratings = related.ratings()
        later = ratings.filter(association=OuterRef("association"), valid_until__gt=until)
        ending = ratings.filter(valid_until__gt=on, valid_until__lte=until)
        return self.filter(_among(ending.exclude(Exists(later))))

    def leadership_ending(self, until: datetime.date) -> Self:
        """Those where a term of a leader in office ends by `until`: on the recorded day, else five
        years after it began (domain.md, Registry)."""
        return self.filter(_among(leadership_ending(until)))

    def with_leadership_end(self, until: datetime.date) -> Self:
        """Annotates `leadership_end`: the earliest day on which a term ends by `until`."""
        terms = leadership_ending(until).filter(association=OuterRef("pk"))
        return self.annotate(
            leadership_end=Subquery(terms.order_by("ends_on").values("ends_on")[:1])
        )

    def with_rating_end(self, on: datetime.date) -> Self:
        """Annotates `rating_end`: the last day of the rating that holds on the day `on`."""
        held = related.ratings().as_of(on).filter(association=OuterRef("pk"))
        latest = held.order_by(F("valid_from").desc(nulls_last=True), "-pk")
        return self.annotate(rating_end=Subquery(latest.values("valid_until")[:1]))

    def with_incomplete_organisation(self, on: datetime.date) -> Self:
        """Those covered on the day `on` by a Party organisation not fully recorded."""
        return self.filter(_among(related.coverages().existing(on).incomplete()))

    def with_county(self) -> Self:
        """Annotates `county`: CITY, the pk of the county that it lies in, or None if unknown."""
        return self.annotate(county=_county())

    def in_county(self, key: str) -> Self:
        """Those of the county with the code `key`; "city" for city level, "unknown" for none."""
        divisions = related.divisions()
        is_city = Q(level="city") | Q(division__in=divisions.filter(kind="city").values("pk"))
        if key == "city":
            return self.filter(is_city)
        if key == "unknown":
            return self.filter(~Q(level="city"), division=None)
        return self.filter(~Q(level="city"), division__in=divisions.within(key).values("pk"))

    def with_members(self) -> Self:
        """Annotates `members`: the key of the part of UNCOVERED by full members, covered or not."""
        whens = (When(part.condition, then=Value(part.key)) for part in UNCOVERED.values())
        return self.annotate(members=Case(*whens))


def _county() -> Case:
    """Division.county; city-level associations stand by themselves."""
    townships = related.divisions().model.TOWNSHIP_KINDS
    return Case(
        When(Q(level="city") | Q(division__kind="city"), then=Value(CITY)),
        When(division__kind__in=townships, then="division__parent"),
        default=F("division"),
        output_field=models.BigIntegerField(),
    )


# Memberships (pk IN …) rather than EXISTS: the planner knows what a hashed list of keys costs,
# takes EXISTS in a column for a search per row, and compiles a plan that is fast without.
def _is_covered(on: datetime.date) -> Q:
    return _among(related.counting_coverages(on))


def _is_served(on: datetime.date) -> Q:
    return _among(related.assignments().as_of(on))


def _is_dormant(on: datetime.date) -> Q:
    dormancies = related.dormancies().filter(holds(on, "found_on", "ended_on"))
    return _among(dormancies)


def _not_among(rows: models.QuerySet) -> Any:
    """A condition on rows, never a column: there the planner joins, and a page stops when full."""
    return ~Exists(rows.order_by().filter(association=OuterRef("pk")))


def _among(rows: models.QuerySet) -> Q:
    return Q(pk__in=rows.order_by().values("association"))
