"""A whole registry of any size, with Party organisations and instructors over the years."""

import datetime
from collections.abc import Iterator
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from bench.roster import Roster, person
from bench.ways import LEVELS, TYPES
from organizations.models import (
    Assignment,
    Association,
    Coverage,
    Department,
    Division,
    Instructor,
    PartyOrganization,
    Rating,
)
from organizations.records.associations import write_associations
from organizations.search.pinyin import spell_person
from registers.bulk import copy_rows, next_ids
from registers.register import Change
from registers.staging import chunks

CHUNK = 5_000
SEED = 20260331
PER_INSTRUCTOR = 4
YEARS = 6
REASONS = Association.NoPartyReason.values


@transaction.atomic
def populate(count: int) -> None:
    """Write `count` associations: one in fourteen has ended, six in ten are or were covered,
    every third has or had an instructor, four in ten have or had a rating."""
    rng = Random(SEED)
    today = timezone.localdate().isoformat()
    pks = [
        pk
        for changes in chunks(_new(rng, count), CHUNK)
        for pk in write_associations(changes, today)
    ]
    _cover(rng, [pk for pk in pks if rng.random() < 0.6])
    _assign(rng, [pk for pk in pks if rng.random() < 0.33])
    _rate(rng, [pk for pk in pks if rng.random() < 0.4])


def _new(rng: Random, count: int) -> Iterator[Change]:
    divisions = dict(Division.objects.values_list("code", "pk"))
    departments = dict(Department.objects.values_list("name", "pk"))
    for row in Roster().rows(count):
        values: dict[str, Any] = {
            "name": row.name,
            "credit_code": row.credit_code,
            "registration_type": TYPES[row.registration_type],
            "level": LEVELS[row.level],
            "division": divisions[row.credit_code[2:8]],
            "industry_department": departments[row.industry_department],
            "registered_on": row.registered_on.isoformat(),
            "staff_total": row.staff_total,
            "party_members": row.party_members,
            "unit_members": row.unit_members,
            "no_party_reason": rng.choice([None, *REASONS]),
        }
        if rng.random() < 0.07:
            ended = max(_day(rng), row.registered_on)
            values |= {"status": "deregistered", "ended_on": ended.isoformat()}
        yield Change(None, values)


def _cover(rng: Random, associations: list[int]) -> None:
    """One organisation each, every fifth association that of the one before; some have ended."""
    fresh = next_ids(PartyOrganization, len(associations))
    organizations: list[tuple[Any, ...]] = []
    coverages = []
    for pk, association in zip(fresh, associations, strict=True):
        since = _day(rng)
        if not organizations or rng.random() < 0.8:
            nature = "functional" if rng.random() < 0.03 else "entity"
            organizations.append(
                (pk, f"党支部{pk}", "branch", f"dangzhibu{pk}", nature, since, *[""] * 5)
            )
        until = since + datetime.timedelta(1 + rng.randrange(900)) if rng.random() < 0.1 else None
        coverages.append((organizations[-1][0], association, since, until))
    copy_rows(
        PartyOrganization,
        (
            *("id", "name", "kind", "pinyin", "nature", "established_on"),
            *("formation", "subordination", "superior", "secretary", "secretary_source"),
        ),
        organizations,
    )
    copy_rows(
        Coverage, ("party_organization", "association", "valid_from", "valid_until"), coverages
    )


def _assign(rng: Random, associations: list[int]) -> None:
    instructors = next_ids(Instructor, len(associations) // PER_INSTRUCTOR + 1)
    copy_rows(
        Instructor,
        (
            *("id", "name", "pinyin", "initials", "unit", "gender", "post"),
            *("engagement", "phone", "in_pool", "remark"),
        ),
        map(_instructor, instructors, (person(rng) for _ in instructors)),
    )
    copy_rows(
        Assignment,
        ("instructor", "association", "assigned_on", "ended_on", "reason", "end_reason"),
        _assignments(rng, instructors, associations),
    )


def _instructor(pk: int, name: str) -> tuple[Any, ...]:
    return (pk, name, *spell_person(name), f"单位{pk}", "", "", "", "", True, "")


def _assignments(
    rng: Random, instructors: list[int], associations: list[int]
) -> Iterator[tuple[Any, ...]]:
    for association in associations:
        since = _day(rng)
        until = since + datetime.timedelta(1 + rng.randrange(900)) if rng.random() < 0.2 else None
        yield rng.choice(instructors), association, since, until, "", ""


def _rate(rng: Random, associations: list[int]) -> None:
    """A grade each, some of whose five years are over."""
    ratings = []
    for association in associations:
        since = _day(rng)
        until = since + datetime.timedelta(5 * 365)
        ratings.append((association, rng.choice(Rating.Grade.values), since, until))
    copy_rows(Rating, ("association", "grade", "valid_from", "valid_until"), ratings)


def _day(rng: Random) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(rng.randrange(YEARS * 365))
