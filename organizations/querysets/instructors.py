"""Instructors and their assignments."""

import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Greatest
from django.utils import timezone

from accounts.permissions import Permission
from organizations.querysets import related
from organizations.querysets.validity import holds, not_ended
from organizations.scoping import (
    NOTHING,
    association_filter,
    colleague_filter,
    department_filter,
)
from organizations.terms import warned_until

CHANGING = (Permission.IMPORT_REGISTER, Permission.EDIT_INSTRUCTOR)


class AssignmentQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Assignments to associations on which `user` may exercise `permission`; LOG_WORK: those
        of the instructor who the person is."""
        if permission == Permission.LOG_WORK:
            return self.filter(instructor__user=user) if user.has_perm(permission) else self.none()
        return self.with_associations(related.associations().for_user(user, permission))

    def as_of(self, on: datetime.date) -> Self:
        """Assignments that hold on the day `on`: from inclusive, until exclusive."""
        return self.filter(holds(on, "assigned_on", "ended_on"))

    def not_over(self, on: datetime.date) -> Self:
        """Assignments that hold on the day `on` or begin later."""
        return self.filter(not_ended(on, "ended_on"))

    def at_work(self, on: datetime.date) -> Self:
        """Assignments that hold on the day `on`, to associations that have not ended by then."""
        return self.as_of(on).of_registered(on)

    def of_registered(self, on: datetime.date) -> Self:
        """Assignments to associations that have not ended by the day `on`: those that make an
        instructor's load."""
        return self.filter(not_ended(on, "association__ended_on"))

    def with_associations(self, associations: models.QuerySet) -> Self:
        """Assignments to the given associations."""
        return self.filter(association__in=associations.order_by().values("pk"))

    def with_rhythm(self, on: datetime.date) -> Self:
        """Annotates, as of the day `on`, `last_contact` and `last_visit` of this instructor with
        this association, `contact_due` and `visit_due`: the last day on which the next is in time,
        and `contact_overdue` and `visit_overdue`: whether that day is over.

        The days count from the assignment where there was none since. A rhythm of 0 days
        (settings WORK_CONTACT_DAYS, WORK_VISIT_DAYS) asks for nothing: it is never due.
        """
        work = related.work_entries().filter(
            instructor=OuterRef("instructor"), association=OuterRef("association"), on__lte=on
        )
        return self.annotate(
            last_contact=Subquery(work.contacts().order_by("-on").values("on")[:1]),
            last_visit=Subquery(work.visits().order_by("-on").values("on")[:1]),
            contact_due=_due("last_contact", settings.WORK_CONTACT_DAYS),
            visit_due=_due("last_visit", settings.WORK_VISIT_DAYS),
            contact_overdue=_is_over("contact_due", on),
            visit_overdue=_is_over("visit_due", on),
        )

    def overdue(self, on: datetime.date, what: str = "") -> Self:
        """Those at work on the day `on` that lack a timely contact or visit; what: "contact" or
        "visit" for that alone."""
        rows = self.at_work(on).with_rhythm(on)
        lacking: list[Any] = [
            Q((f"{kind}_overdue", True)) for kind in ("contact", "visit") if what in kind
        ]
        return rows.filter(Q.create(lacking, connector=Q.OR))


class InstructorQuerySet(models.QuerySet):
    """Whose people instructors are decides who may do what with them beside the city.

    An instructor whose department lies in somebody's scope belongs to that person's office,
    wherever the instructor works: the office sees, changes and assigns him or her and reads the
    phone. Others see who works or worked with their associations; while they do, others may tell
    about this work and read the phone, but the particulars stay the owner's.

    Nobody's department, as it is with units that the registry doesn't know: the office whose
    associations the instructor works with stands in for the owner, and where nobody was ever
    assigned, the office that entered the instructor. Others see such a free instructor, without
    the phone, but cannot assign him or her to themselves in order to read it; the city can.
    """

    def for_user(self, user: Any, permission: Permission) -> Self:
        """Those on whom `user` may exercise `permission`, by the rule above."""
        whose = _Whose(user, permission)
        if whose.everybody or whose.nobody:
            return self if whose.everybody else self.none()
        if permission in CHANGING:
            idle = ~whose.employed & (whose.worked & Q(department=None) | whose.entered)
            return self.filter(whose.own | whose.working | idle)
        if permission == Permission.VIEW_PERSONAL_DATA:
            return self.filter(whose.own | whose.working)
        return self.filter(whose.own | whose.worked | whose.free)

    def assignable(self, user: Any, permission: Permission) -> Self:
        """Those whom `user` may assign to associations of the scope: those of the office, those
        who work or worked there already, and the free ones whom it entered."""
        whose = _Whose(user, permission)
        if whose.everybody or whose.nobody:
            return self if whose.everybody else self.none()
        return self.filter(whose.own | whose.worked | whose.entered)

    def with_particulars_of(self, user: Any, permission: Permission) -> Self:
        """Those whose particulars `user` may change: not those of other departments, nor those of
        nobody's who today also work with associations outside the scope."""
        whose = _Whose(user, permission)
        if whose.everybody or whose.nobody:
            return self if whose.everybody else self.none()
        changed = self.for_user(user, permission)
        return changed.filter(whose.own | Q(department=None) & ~whose.working_elsewhere)

    def dispatched(self, on: datetime.date, associations: models.QuerySet) -> Self:
        """Those with an assignment to one of `associations` on the day `on`."""
        current = related.assignments().as_of(on).with_associations(associations)
        return self.filter(Exists(current.filter(instructor=OuterRef("pk"))))

    def serving_kind(self, on: datetime.date, associations: models.QuerySet, kind: str) -> Self:
        """Those with an assignment to one of `associations` of that kind on the day `on`."""
        return self.dispatched(on, associations.filter(kind=kind))

    def with_load(self, on: datetime.date, associations: models.QuerySet) -> Self:
        """Annotates `load`: with how many of `associations` each works on the day `on`, and
        `newly_organised` and `not_yet_able`: with how many of them for that reason."""
        current = Q(assignments__in=related.assignments().as_of(on).with_associations(associations))
        reasons = ("newly_organised", "not_yet_able")
        counts = {name: _count(current & Q(assignments__reason=name)) for name in reasons}
        return self.annotate(load=_count(current), **counts)

    def of_load(self, on: datetime.date, associations: models.QuerySet, load: str) -> Self:
        """Those who work with none ("none"), some ("some": fewer than usual at most), as many as
        usual at most ("full") or more ("over") of `associations` on the day `on`.

        Usual at most: the limit of the rules of assignment in force now.
        """
        most = related.assignment_rules().in_force().most
        rules = {
            "none": Q(load=0),
            "some": Q(load__gt=0, load__lt=most),
            "full": Q(load=most),
            "over": Q(load__gt=most),
        }
        everybody: Any = self.model._default_manager
        loaded = everybody.with_load(on, associations).filter(rules[load])
        return self.filter(pk__in=loaded.order_by().values("pk"))

    def with_overdue(self, overdue: models.QuerySet) -> Self:
        """Annotates `overdue`: how many of the assignments `overdue` are each instructor's."""
        own = overdue.filter(instructor=OuterRef("pk")).order_by().values("instructor")
        count = own.annotate(count=Count("pk")).values("count")
        return self.annotate(overdue=Coalesce(Subquery(count), 0))

    def with_unresolved_names(self, unresolved: models.QuerySet) -> Self:
        """Those whose roster row has one of the names `unresolved`, which no association bears."""
        return self.filter(pk__in=unresolved.order_by().values("instructor"))

    def lacking_work(self, overdue: models.QuerySet) -> Self:
        """Those of whose assignments some are among `overdue`."""
        return self.filter(pk__in=overdue.order_by().values("instructor"))

    def in_pool(self) -> Self:
        """Members of the talent pool today; membership has no validity dates."""
        return self.filter(in_pool=True)

    def with_term_state(self, on: datetime.date) -> Self:
        """Annotates `term_state`: "over" where the term has ended by the day `on` and the work goes
        on, "ending" where it ends within six months, else "" """
        current = related.assignments().as_of(on).filter(instructor=OuterRef("pk"))
        return self.annotate(
            term_state=Case(
                When(Q(term_until__lte=on) & Exists(current), then=Value("over")),
                When(
                    term_until__gt=on,
                    term_until__lte=warned_until(on),
                    then=Value("ending"),
                ),
                default=Value(""),
            )
        )


class _Whose:
    """Conditions on instructors, seen from what `user` may exercise `permission` on.

    own: their department is the person's, or in the person's division
    working, worked: with associations in scope, today or ever; working_elsewhere: today with others
    employed: with any association today; entered: free, and entered by somebody of the office
    free: nobody's department, and nobody has ever assigned them
    """

    def __init__(self, user: Any, permission: Permission) -> None:
        within = association_filter(user, permission)
        self.everybody = within == Q()
        self.nobody = within == NOTHING
        associations = related.associations().filter(within)
        ever = related.assignments().filter(instructor=OuterRef("pk"))
        current = ever.as_of(timezone.localdate())
        in_scope = Q(association__in=associations.order_by().values("pk"))
        self.own = department_filter(user, permission, "department")
        self.worked = Q(Exists(ever.filter(in_scope)))
        self.working = Q(Exists(current.filter(in_scope)))
        self.working_elsewhere = Q(Exists(current.exclude(in_scope)))
        self.employed = Q(Exists(current))
        self.free = Q(department=None) & ~Q(Exists(ever))
        self.entered = self.free & colleague_filter(user, permission, "entered_by")


class UnresolvedAssignmentQuerySet(models.QuerySet):
    def for_user(self, user: Any, permission: Permission) -> Self:
        """Names on the rows of instructors on whom `user` may exercise `permission`, without those
        that associations outside the scope bear."""
        instructors = related.instructors()
        within = instructors.for_user(user, permission).order_by().values("pk")
        listed = self.model._default_manager.values("association_name")
        foreign = names_elsewhere(listed, user, permission)
        return self.filter(instructor__in=within).exclude(association_name__in=foreign)


def names_elsewhere(names: Any, user: Any, permission: Permission) -> Any:
    """Those of `names` that associations bear, but none on which `user` may exercise `permission`.

    names: a collection, or a queryset of values
    """
    borne = related.associations().filter(name__in=names).order_by()
    return borne.exclude(name__in=borne.for_user(user, permission).values("name")).values("name")


def _due(last: str, days: int) -> Any:
    if not days:
        return Value(None, output_field=DateField())
    since = Greatest(F("assigned_on"), F(last))  # of PostgreSQL: NULL counts for nothing
    return Cast(since + datetime.timedelta(days=days), DateField())


def _is_over(due: str, on: datetime.date) -> Case:
    return Case(When(Q((f"{due}__lt", on)), then=Value(True)), default=Value(False))


def _count(which: Q) -> Count:
    return Count("assignments__association", filter=which, distinct=True)
