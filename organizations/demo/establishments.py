"""The demo's associations on their way to a Party organisation; made up, and marked so.

Ages count from the day of loading, so that a demo shows the same ages whenever it is loaded.
"""

import datetime
from collections.abc import Iterator
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from organizations.members import MEMBERS_TO_ORGANISE
from organizations.models import Association, Coverage, Establishment, Stage, StageMove
from organizations.models.establishment import STAGES
from organizations.stages import DAY_OF, Formation, fitting_kind, skipped

SEED = 20250901
NEWLY_ORGANISED = datetime.date(2024, 9, 1)
MADE_UP = "演示数据，过程与文号虚构"
NOT_BEGUN = 6
EARLY = [Stage.SURVEYED] * 3 + [Stage.CULTIVATING] * 2
LATER = [Stage.CULTIVATING] * 3 + [Stage.REQUESTED] * 2 + [Stage.APPROVED, Stage.ELECTED]
DONE = [Stage.ESTABLISHED] + [Stage.GRANTED] * 5 + [Stage.CONSOLIDATED] * 24


@transaction.atomic
def load_establishments(by: Any) -> int:
    """Set the uncovered and the newly organised associations on their way, unless some are; how
    many that was. The figures of coverage don't change."""
    if Establishment.objects.exists():
        return 0
    rng, today = Random(SEED), timezone.localdate()  # noqa: S311  # a demo, no secret
    rows = [*_uncovered(rng, today), *_organised(rng, today)]
    Establishment.objects.bulk_create([row for row in rows if row.lead is None])
    Establishment.objects.bulk_create([row for row in rows if row.lead is not None])
    StageMove.objects.bulk_create(m for row in rows for m in _moves(row, rng, by))
    return len(rows)


def _uncovered(rng: Random, today: datetime.date) -> Iterator[Establishment]:
    """Those without members at the beginning, those with three or more alone, the others jointly;
    some of those who ought to begin have not."""
    associations = Association.objects.active(today).uncovered(today).order_by("pk")
    few: dict[Any, list[Association]] = {}
    due = 0
    for association in associations:
        members = association.party_members or 0
        if members >= MEMBERS_TO_ORGANISE:
            due += 1
            if due > NOT_BEGUN:
                yield _row(association, Formation.STANDALONE, rng.choice(LATER), rng, today)
        elif members:
            few.setdefault(association.division_id, []).append(association)
        else:
            yield _row(association, Formation.JOIN, rng.choice(EARLY), rng, today)
    for neighbours in few.values():
        for first in range(0, len(neighbours), 3):
            yield from _group(neighbours[first : first + 3], rng, today)


def _group(
    together: list[Association], rng: Random, today: datetime.date
) -> Iterator[Establishment]:
    """Neighbours who found a joint branch, at the same stage."""
    enough = sum(a.party_members or 0 for a in together) >= MEMBERS_TO_ORGANISE
    stage = rng.choice(LATER if enough else EARLY)
    lead = _row(together[0], Formation.FOUND, stage, rng, today)
    yield lead
    for association in together[1:]:
        days = {name: getattr(lead, name) for name in (*DAY_OF.values(), "approval_no", "since")}
        yield Establishment(
            association=association,
            formation=Formation.FOUND,
            kind="joint_branch",
            stage=stage,
            lead=lead,
            **days,
        )


def _row(
    association: Association,
    formation: Formation,
    stage: Stage,
    rng: Random,
    today: datetime.date,
) -> Establishment:
    kind = fitting_kind(formation, association.party_members)
    row: Any = Establishment(association=association, formation=formation, kind=kind, stage=stage)
    longest = settings.ESTABLISHMENT_DAYS.get(stage, 90) * 5 // 4
    row.since = day = today - datetime.timedelta(rng.randrange(3, longest))
    for passed in reversed(STAGES[: STAGES.index(stage) + 1]):
        if passed in DAY_OF and passed not in skipped(row):
            setattr(row, DAY_OF[passed], day)
            day -= datetime.timedelta(rng.randrange(5, 40))
    if row.approved_on:
        row.approval_no = _number(row.approved_on, rng)
    return row


def _organised(rng: Random, today: datetime.date) -> Iterator[Establishment]:
    """Those organised lately, already past their establishment."""
    coverages = Coverage.objects.existing(today).select_related("association", "party_organization")
    recent = coverages.filter(party_organization__established_on__gte=NEWLY_ORGANISED)
    for coverage in recent.order_by("pk"):
        party = coverage.party_organization
        founded: Any = party.established_on
        stage = rng.choice(DONE)
        row: Any = Establishment(
            association=coverage.association,
            formation=Formation.FOUND if party.kind == "joint_branch" else Formation.STANDALONE,
            kind=party.kind,
            stage=stage,
            party_organization=party,
            established_on=max(founded, coverage.valid_from),
        )
        row.elected_on = row.established_on - datetime.timedelta(rng.randrange(1, 8))
        row.approved_on = row.elected_on - datetime.timedelta(rng.randrange(5, 25))
        row.requested_on = row.approved_on - datetime.timedelta(rng.randrange(5, 25))
        row.approval_no = _number(row.approved_on, rng)
        row.since = row.established_on
        if stage == Stage.GRANTED:  # lately, so that most have time left to be consolidated
            lately = today - datetime.timedelta(rng.randrange(5, 200))
            row.granted_on = row.since = max(row.since, lately)
        elif stage == Stage.CONSOLIDATED:
            row.granted_on = row.since + (today - row.since) * rng.uniform(0.1, 0.4)
            later = row.granted_on + datetime.timedelta(rng.randrange(1, 180))
            row.consolidated_on = row.since = min(later, today)
        yield row


def _number(day: datetime.date, rng: Random) -> str:
    return f"菏社工复〔{day.year}〕{rng.randrange(1, 90)}号"


def _moves(row: Establishment, rng: Random, by: Any) -> Iterator[StageMove]:
    """The recorded way of `row`, each step on its day."""
    passed = [s for s in STAGES[: STAGES.index(Stage(row.stage)) + 1] if s not in skipped(row)]
    days = {s: getattr(row, DAY_OF[s]) for s in passed if s in DAY_OF}
    first = min([row.since, *days.values()])
    days[Stage.CULTIVATING] = first - datetime.timedelta(rng.randrange(20, 120))
    if row.stage == Stage.CULTIVATING:
        days[Stage.CULTIVATING] = row.since
    earlier = days[Stage.CULTIVATING] - datetime.timedelta(rng.randrange(10, 60))
    days[Stage.SURVEYED] = row.since if row.stage == Stage.SURVEYED else earlier
    for before, stage in zip(["", *passed], passed, strict=False):
        yield StageMove(
            establishment=row, from_stage=before, to_stage=stage, on=days[stage], by=by,
            note=MADE_UP if before == "" else "",
        )  # fmt: skip
