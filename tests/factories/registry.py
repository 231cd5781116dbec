"""A random registry: associations of every sort with their histories, the same for a seed."""

import datetime
from itertools import zip_longest
from random import Random

from organizations.models import Association, Department, Division, PartyOrganization
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CityFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    DormancyFactory,
    InstructorFactory,
    PartyOrganizationFactory,
    TownFactory,
)

FIRST = datetime.date(2023, 6, 1)
DAYS = 3 * 365


def random_registry(rng: Random, associations: int = 60) -> None:
    """Fills the database with associations, Party organisations, instructors and dormancies."""
    divisions = _divisions()
    departments = [*DepartmentFactory.create_batch(3), None]
    organizations = [_organization(rng) for _ in range(12)]
    instructors = InstructorFactory.create_batch(8)
    for _ in range(associations):
        association = _association(rng, divisions, departments)
        _cover(rng, association, organizations)
        for instructor in rng.sample(instructors, rng.choice([0, 0, 1, 2])):
            since, until = _period(rng)
            AssignmentFactory(
                association=association, instructor=instructor, assigned_on=since, ended_on=until
            )
        if rng.random() < 0.2:
            since, until = _period(rng)
            DormancyFactory(association=association, found_on=since, ended_on=until)


def _divisions() -> list[Division | None]:
    counties = CountyFactory.create_batch(3, tile_column=1, tile_row=1)
    zone = CountyFactory(kind=Division.Kind.ZONE)
    towns = [TownFactory(parent=county) for county in (*counties, zone)]
    return [CityFactory(), *counties, zone, *towns, None]


def _organization(rng: Random) -> PartyOrganization:
    return PartyOrganizationFactory(
        kind=rng.choice([*PartyOrganization.Kind.values, ""]),
        formation=rng.choice([*PartyOrganization.Formation.values, ""]),
        nature=rng.choice(["entity", "entity", "functional"]),
        dissolved_on=_day(rng) if rng.random() < 0.3 else None,
    )


def _association(
    rng: Random, divisions: list[Division | None], departments: list[Department | None]
) -> Association:
    since, until = _period(rng)
    members = rng.choice([None, 0, 1, 2, 3, 4])
    return AssociationFactory(
        registered_on=rng.choice([since, since, None]),
        ended_on=until,
        status="normal" if until is None else rng.choice(["deregistered", "revoked"]),
        level=rng.choice([*Association.Level.values, ""]),
        registration_type=rng.choice([*Association.RegistrationType.values, ""]),
        kind=rng.choice(Association.Kind.values),
        division=rng.choice(divisions),
        industry_department=rng.choice(departments),
        party_members=members,
        members_not_transferred=None if members is None else rng.choice([None, members // 2]),
        has_party_group=rng.choice([None, False, True]),
        staff_total=rng.choice([None, 7]),
        staff_full_time=rng.choice([None, 5]),
        staff_part_time=rng.choice([None, 2]),
        no_party_reason=rng.choice([*Association.NoPartyReason.values, ""]),
    )


def _cover(rng: Random, association: Association, organizations: list[PartyOrganization]) -> None:
    """Up to two ended coverages and perhaps a current one, one after another."""
    days = sorted(_day(rng) for _ in range(rng.choice([0, 0, 2, 4]) + rng.choice([0, 1])))
    pairs = zip_longest(days[::2], days[1::2])
    for since, until in [pair for pair in pairs if pair[0] != pair[1]]:
        CoverageFactory(
            association=association,
            party_organization=rng.choice(organizations),
            valid_from=since,
            valid_until=until,
        )


def _day(rng: Random) -> datetime.date:
    """Often a month's first or last day, where mistakes of a day show."""
    day = FIRST + datetime.timedelta(rng.randrange(DAYS))
    first = day.replace(day=1)
    return rng.choice([day, first, first - datetime.timedelta(1)])


def _period(rng: Random) -> tuple[datetime.date, datetime.date | None]:
    since = _day(rng)
    if rng.random() < 0.6:
        return since, None
    return since, since + datetime.timedelta(1 + rng.randrange(600))
