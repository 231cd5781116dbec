"""Party organisations, and their coverage of associations."""

import datetime
from collections.abc import Iterable
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.permissions import Permission
from organizations.querysets import related
from organizations.querysets.validity import begun, holds, not_ended
from organizations.scoping import NOTHING, association_filter, department_filter
from organizations.terms import warned_until

READING = (Permission.VIEW_REGISTRY, Permission.EXPORT_REGISTER, Permission.VIEW_PERSONAL_DATA)
BLANKS = {"name": "", "established_on": None}  # what an incomplete one lacks, and how


class CoverageQuerySet(models.QuerySet):
    def as_of(self, on: datetime.date) -> Self:
        """Coverages that hold on the day `on`: from inclusive, until exclusive."""
        return self.filter(holds(on, "valid_from", "valid_until"))

    def unended(self, on: datetime.date) -> Self:
        """Coverages that hold on the day `on` or from a later day on."""
        return self.filter(not_ended(on, "valid_until"))

    def end(self, on: datetime.date | str) -> None:
        """End these coverages on the day `on`; one that would have begun then or later never
        held."""
        self.filter(valid_from__gte=on).delete()
        self.filter(valid_from__lt=on).update(valid_until=on)

    def existing(self, on: datetime.date) -> Self:
        """Coverages that hold on the day `on`, by a Party organisation not dissolved by then.

        The dissolved are few, and found by an index: leaving them out is faster than a join.
        """
        dissolved = related.party_organizations().filter(dissolved_on__lte=on)
        return self.as_of(on).exclude(party_organization__in=dissolved.values("pk"))

    def counting(self) -> Self:
        """Coverages by a Party organisation of a nature that counts in the coverage figures; those
        that don't are few, as above."""
        if settings.COVERAGE_COUNTS_FUNCTIONAL:
            return self.all()
        functional = related.party_organizations().filter(_functional(""))
        return self.exclude(party_organization__in=functional.values("pk"))

    def standalone(self) -> Self:
        """Coverages by a Party organisation of the association's own."""
        return self.exclude(joint_formation("party_organization__"))

    def joint(self) -> Self:
        """Coverages by a Party organisation formed together with others."""
        return self.filter(joint_formation("party_organization__"))

    def of_kinds(self, kinds: Iterable[str]) -> Self:
        """Coverages by a Party organisation of one of `kinds`; "" where it is not recorded."""
        return self.filter(party_organization__kind__in=list(kinds))

    def incomplete(self) -> Self:
        """Coverages whose Party organisation lacks its name or its founding date."""
        return self.filter(_lacking("party_organization__"))

    def with_associations(self, associations: models.QuerySet) -> Self:
        """Coverages of the given associations."""
        return self.filter(association__in=associations.order_by().values("pk"))

    def with_both_leaders(self, on: datetime.date) -> Self:
        """Those of which the secretary and the association's president on the day are recorded.

        The president is whose term as president holds on that day; where no such term is recorded,
        the legal representative, who by the charter is the president as a rule.
        """
        recorded = ~Q(party_organization__secretary="")
        return self.filter(
            recorded & (Exists(_presidents(on)) | ~Q(association__legal_representative=""))
        )

    def cross_appointed(self, on: datetime.date) -> Self:
        """Those whose secretary is the association's president 会长兼任书记 (双向进入、交叉任职).

        Where a president's term holds on the day `on`: the secretary bears the president's name.
        Where none is recorded: the secretary's source is the association's leader and the name
        that of the legal representative. The secretary is today's, whatever the day.
        """
        same_as_president = Exists(
            _presidents(on).filter(name=OuterRef("party_organization__secretary"))
        )
        same_as_leader = Q(
            party_organization__secretary_source="leader",
            party_organization__secretary=models.F("association__legal_representative"),
        )
        return self.with_both_leaders(on).filter(
            same_as_president | ~Exists(_presidents(on)) & same_as_leader
        )


class PartyOrganizationQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those that the person may read: they cover or covered an association in scope, or a
        department in scope hosts them. To change one, all that it covers must lie in scope."""
        within = association_filter(user, permission)
        if within == Q():
            return self
        if within == NOTHING:
            return self.none()
        own = related.coverages().filter(party_organization=OuterRef("pk"))
        known = own.with_associations(related.associations().filter(within))
        hosted = department_filter(user, permission, "host_department")
        if permission in READING:
            return self.filter(Exists(known) | hosted)
        return self._changeable(own, known, hosted, within)

    def _changeable(
        self, own: CoverageQuerySet, known: CoverageQuerySet, hosted: Q, within: Q
    ) -> Self:
        """Those whose every association lies in scope, and whose host does, where they have one.

        What covers nothing any more belongs to those whose associations alone it covered.
        """
        today = timezone.localdate()
        beyond = own.with_associations(related.associations().exclude(within))
        now, before = Exists(own.unended(today)), Exists(beyond)
        nobody_elses = ~Exists(beyond.unended(today)) & (now | ~before)
        return self.filter(Q(host_department=None) & Exists(known) | hosted, nobody_elses)

    def search(self, text: str, associations: Any) -> Self:
        """Those with `text` in their name or their secretary's, or that cover or covered one of
        `associations` which it finds."""
        found = related.coverages().with_associations(associations.search(text))
        return self.filter(
            Q(name__icontains=text) | Q(secretary__icontains=text) | Q(pk__in=_organizations(found))
        )

    def existing(self, on: datetime.date) -> Self:
        """Established by the day `on`, as far as that is known, and not dissolved by then."""
        return self.filter(begun(on, "established_on"), not_ended(on, "dissolved_on"))

    def leading_others(self) -> Self:
        """Those under which other Party organisations stand: committees and general branches."""
        return self.filter(kind__in=("committee", "general_branch")).exclude(name="")

    def incomplete(self) -> Self:
        """Those whose name or founding date is missing."""
        return self.filter(_lacking(""))

    def standalone(self) -> Self:
        return self.exclude(joint_formation(""))

    def joint(self) -> Self:
        """Joint branches, and what several associations formed jointly."""
        return self.filter(joint_formation(""))

    def joinable(self, associations: Any, on: datetime.date) -> Self:
        """Joint branches that others may join on the day `on`: not dissolved, and covering one of
        `associations` then or from a later day on; None: whatever they cover."""
        joint = self.joint().filter(not_ended(on, "dissolved_on"))
        if associations is None:
            return joint
        held = related.coverages().unended(on).with_associations(associations)
        return joint.filter(pk__in=_organizations(held))

    def with_county(self, on: datetime.date) -> Self:
        """Annotates `county`: the name of the county of an association covered on the day `on`;
        "" for the city's, and where nothing is covered."""
        division: Any = related.divisions().model
        at, above = "association__division", "association__division__parent"
        held = related.coverages().as_of(on).filter(party_organization=OuterRef("pk"))
        county = Case(
            When(association__level="city", then=Value("")),
            When(**{f"{at}__kind__in": division.TOWNSHIP_KINDS}, then=f"{above}__name"),
            When(**{f"{at}__kind__in": division.COUNTY_KINDS}, then=f"{at}__name"),
            default=Value(""),
        )
        first = held.annotate(found=county).order_by("found", "pk").values("found")[:1]
        return self.annotate(county=Coalesce(Subquery(first), Value("")))

    def committees(self) -> Self:
        """Committees through which departments lead their associations' Party work."""
        return self.exclude(committee_form="")

    def term_unknown(self) -> Self:
        return self.filter(term_ends_on=None)

    def term_running(self, on: datetime.date) -> Self:
        """Those whose term ends later than we warn of on the day `on`."""
        return self.filter(term_ends_on__gt=warned_until(on))

    def term_ending(self, on: datetime.date) -> Self:
        """Those whose term ends on the day `on` or in the six months after it."""
        return self.filter(term_ends_on__gte=on, term_ends_on__lte=warned_until(on))

    def term_overdue(self, on: datetime.date) -> Self:
        """Those whose term ended before the day `on` without an election."""
        return self.filter(term_ends_on__lt=on)

    def weak(self, on: datetime.date) -> Self:
        """Those on the list of weak organisations on the day `on`."""
        listings = related.weak_listings().open(on)
        return self.filter(pk__in=listings.order_by().values("party_organization"))

    def covering(self, associations: models.QuerySet, on: datetime.date) -> Self:
        """Those that cover one of `associations` on the day `on`."""
        held = related.coverages().as_of(on).with_associations(associations)
        return self.filter(pk__in=_organizations(held))

    def cross_appointed(self, associations: models.QuerySet, on: datetime.date) -> Self:
        """Those whose secretary is president of one of `associations` that they cover then."""
        held = related.coverages().as_of(on).with_associations(associations).cross_appointed(on)
        return self.filter(pk__in=_organizations(held))


def _lacking(path: str) -> Q:
    """Party organisations at the end of `path` of which something essential is not recorded."""
    return Q.create([(f"{path}{name}", blank) for name, blank in BLANKS.items()], connector=Q.OR)


def joint_formation(path: str) -> Q:
    """Party organisations at the end of `path` that several units have formed together."""
    jointly = related.party_organizations().model.JOINT_FORMATIONS
    return Q((f"{path}kind", "joint_branch")) | Q((f"{path}formation__in", jointly))


def counting_nature(path: str) -> Q:
    """Party organisations at the end of `path` that count: functional ones where set so."""
    return Q() if settings.COVERAGE_COUNTS_FUNCTIONAL else ~_functional(path)


def _functional(path: str) -> Q:
    return Q((f"{path}nature", "functional"))


def _presidents(on: datetime.date) -> models.QuerySet:
    """The president's term of a coverage's association on the day `on`."""
    terms = related.leadership_terms().filter(
        holds(on, "valid_from", "valid_until"), post="president"
    )
    return terms.filter(association=OuterRef("association"))


def _organizations(coverages: models.QuerySet) -> models.QuerySet:
    return coverages.order_by().values("party_organization")
