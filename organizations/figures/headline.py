"""The headline figures of the article that this app owns."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from organizations.figures.figure import Figure
from organizations.models import Association, PartyOrganization, TrainingAttendance

INDEPENDENT = [Association.RegistrationType.DECOUPLED, Association.RegistrationType.DIRECT]

ENTITY = PartyOrganization.CommitteeForm.ENTITY
INTEGRATED = PartyOrganization.CommitteeForm.INTEGRATED


FIGURES = [
    Figure(
        key="city_level_associations",
        system="management",
        label=_("City-level decoupled and directly registered associations"),
        unit=pgettext_lazy("unit", "associations"),
        definition=_(
            "Active associations at city level, decoupled or directly registered, each with its "
            "industry department."
        ),
        rows=lambda scope: scope.active.filter(
            level=Association.Level.CITY,
            registration_type__in=INDEPENDENT,
            industry_department__isnull=False,
        ),
        among=lambda scope: scope.active.filter(level=Association.Level.CITY),
        list_name="organizations:association-list",
        parameters={
            "status": "active",
            "level": "city",
            "registration_type": ["decoupled", "direct"],
            "department": "known",
        },
    ),
    Figure(
        key="department_party_committees",
        system="organization",
        label=_("Departments' entity social-organisation Party committees"),
        unit=pgettext_lazy("unit", "committees"),
        definition=_("City departments that host an entity social-organisation Party committee."),
        rows=lambda scope: scope.departments.with_committee(ENTITY, scope.on),
        among=lambda scope: scope.departments,
        list_name="organizations:committee-list",
        parameters={"committee": ENTITY.value},
    ),
    Figure(
        key="integrated_departments",
        system="organization",
        label=_("Departments with an integrated industry committee"),
        unit=pgettext_lazy("unit", "departments"),
        definition=_(
            "City departments that lead their associations' Party work directly through an "
            "integrated industry committee."
        ),
        rows=lambda scope: scope.departments.with_committee(INTEGRATED, scope.on),
        among=lambda scope: scope.departments,
        list_name="organizations:committee-list",
        parameters={"committee": INTEGRATED.value},
    ),
    Figure(
        key="organisation_coverage",
        system="organization",
        label=_("Party organisation coverage"),
        unit="%",
        definition=_(
            "Active associations covered by a Party organisation, standalone or joint ÷ active "
            "associations."
        ),
        rows=lambda scope: scope.active.covered(scope.on),
        whole=lambda scope: scope.active,
        list_name="organizations:association-list",
        parameters={"status": "active", "coverage": "covered"},
    ),
    Figure(
        key="township_chamber_coverage",
        system="organization",
        label=_("Party organisation coverage of township and street chambers"),
        unit="%",
        definition=_("The same share among township and street chambers."),
        rows=lambda scope: scope.chambers.covered(scope.on),
        whole=lambda scope: scope.chambers,
        among=lambda scope: scope.chambers,
        list_name="organizations:association-list",
        parameters={"status": "active", "registration_type": "chamber", "coverage": "covered"},
    ),
    Figure(
        key="instructors_dispatched",
        system="organization",
        label=_("Party-building instructors at work"),
        unit=_("people"),
        definition=_("Instructors with a current assignment to an active association."),
        rows=lambda scope: scope.instructors.dispatched(scope.on, scope.active),
        list_name="organizations:instructor-list",
        parameters={"assigned": "yes"},
    ),
    Figure(
        key="associations_served",
        system="organization",
        label=_("Associations with an instructor"),
        unit=pgettext_lazy("unit", "associations"),
        definition=_("Active associations with a current instructor assignment."),
        rows=lambda scope: scope.active.with_instructor(scope.on),
        list_name="organizations:association-list",
        parameters={"status": "active", "instructor": "with"},
    ),
    Figure(
        key="instructor_pool",
        system="organization",
        label=_("Talent pool of instructors"),
        unit=_("people"),
        definition=_("Instructors in the talent pool today; membership has no history by date."),
        rows=lambda scope: scope.instructors.in_pool(),
        list_name="organizations:instructor-list",
        parameters={"in_pool": "yes"},
    ),
    Figure(
        key="training_attendances",
        system="organization",
        label=_("Training of Party workers"),
        unit=pgettext_lazy("unit", "attendances"),
        definition=_("Attendances at training sessions for Party workers, each person each time."),
        rows=lambda scope: scope.of(TrainingAttendance.objects.as_of(scope.on)),
        list_name="organizations:trainingattendance-list",
        parameters={},
    ),
]
