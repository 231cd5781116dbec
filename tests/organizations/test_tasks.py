"""What is left to do: each task counts what its list shows."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from organizations.figures import Scope
from organizations.models import Association, LeadershipTerm
from organizations.tasks import RULES, open_tasks
from organizations.terms import months_after
from registers.models import ImportBatch, ImportRow
from tests.factories.accounts import StaffFactory, UserFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CoverageFactory,
    EstablishmentFactory,
    InspectionFactory,
    InstructorFactory,
    LeadershipTermFactory,
    PartyOrganizationFactory,
    RatingFactory,
    SuggestionFactory,
    UnresolvedAssignmentFactory,
    WeakListingFactory,
)

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 3, 31)


@pytest.fixture
def reviewer() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


def names(rows) -> set[str]:
    return set(rows.values_list("name", flat=True))


def test_a_result_is_missing_of_those_registered_by_the_middle_of_its_year():
    InspectionFactory(year=2025)
    other_year = InspectionFactory(year=2024).association
    early = AssociationFactory(registered_on=datetime.date(2025, 6, 30))
    AssociationFactory(registered_on=datetime.date(2025, 7, 1))
    found = names(Association.objects.without_inspection(2025))
    assert found == {other_year.name, early.name}


def test_a_rating_is_ending_until_another_follows_it():
    until = months_after(ON, 6)
    ending = RatingFactory(valid_from=None, valid_until=until).association
    RatingFactory(valid_until=until + datetime.timedelta(1))
    RatingFactory(valid_until=ON)
    followed = RatingFactory(valid_until=ON + datetime.timedelta(30)).association
    RatingFactory(
        association=followed,
        valid_from=ON + datetime.timedelta(30),
        valid_until=ON + datetime.timedelta(1830),
    )
    assert names(Association.objects.rating_ending(ON, until)) == {ending.name}


def test_a_leader_s_term_ends_on_its_day_or_after_five_years():
    until = months_after(ON, 6)
    recorded = LeadershipTermFactory(valid_from=datetime.date(2023, 1, 1), valid_until=until)
    lapsed = LeadershipTermFactory(valid_from=datetime.date(2021, 9, 30))
    LeadershipTermFactory(valid_from=datetime.date(2021, 10, 1))
    followed = LeadershipTermFactory(
        valid_from=datetime.date(2019, 1, 1), valid_until=datetime.date(2024, 1, 1)
    )
    LeadershipTermFactory(
        association=followed.association, valid_from=datetime.date(2024, 1, 1), name="新会长"
    )
    other_post = LeadershipTermFactory(
        valid_from=datetime.date(2019, 1, 1), valid_until=datetime.date(2024, 1, 1)
    )
    LeadershipTermFactory(
        association=other_post.association,
        post=LeadershipTerm.Post.SECRETARY_GENERAL,
        valid_from=datetime.date(2024, 1, 1),
    )
    found = names(Association.objects.leadership_ending(until))
    assert found == {term.association.name for term in (recorded, lapsed, other_post)}


def test_the_term_of_a_vice_president_is_followed_by_the_same_persons_alone():
    ended = {"valid_from": datetime.date(2019, 1, 1), "valid_until": datetime.date(2024, 1, 1)}
    post = LeadershipTerm.Post.VICE_PRESIDENT
    left = LeadershipTermFactory(post=post, **ended)
    stayed = LeadershipTermFactory(post=post, name="留任副会长", **ended)
    for term, name in ((left, "另一副会长"), (stayed, "留任副会长")):
        LeadershipTermFactory(
            association=term.association,
            post=post,
            name=name,
            valid_from=datetime.date(2024, 1, 1),
        )
    assert names(Association.objects.leadership_ending(ON)) == {left.association.name}


def test_rows_returned_are_those_of_one_s_own_imports(reviewer):
    batch = {"register_key": "associations", "file_name": "a.xlsx", "created_by": reviewer}
    done = {"status": ImportBatch.Status.COMMITTED, "committed_at": timezone.now()}
    waiting = ImportBatch.objects.create(**batch, status=ImportBatch.Status.STAGED)
    returned = ImportBatch.objects.create(**batch, **done, counts={"wrong": 2})
    elsewhere = ImportBatch.objects.create(**batch, **done, counts={"wrong": 1})
    for row, (of, code) in enumerate(
        [(returned, "unknown"), (returned, "out_of_scope"), (elsewhere, "out_of_scope")]
    ):
        problems = [{"code": code}]
        ImportRow.objects.create(batch=of, row=row, action="wrong", problems=problems)
    ImportBatch.objects.create(**batch, **done, counts={"wrong": 0})
    ImportBatch.objects.create(**batch | {"created_by": UserFactory()}, **done, counts={"wrong": 2})
    client = Client()
    client.force_login(reviewer)
    [task] = [task for task in open_tasks(Scope(ON, reviewer)) if "?open" in task.url]
    listed = {batch.pk for batch in client.get(task.url).context["page"].object_list}
    assert task.number == 2
    assert listed == {waiting.pk, returned.pk}


def test_incomplete_party_organisations_are_listed_as_what_they_are(reviewer):
    CoverageFactory(party_organization__established_on=None)
    CoverageFactory()
    client = Client()
    client.force_login(reviewer)
    tasks = open_tasks(Scope(timezone.localdate(), reviewer))
    [task] = [task for task in tasks if "incomplete=yes" in task.url]
    assert task.number == client.get(task.url).context["paginator"].count == 1


def one_for_each_rule(by: User) -> None:
    """A registry in which every rule finds something to do today."""
    today = timezone.localdate()
    soon, long_ago = today + datetime.timedelta(30), months_after(today, -60)
    AssociationFactory(credit_code="", party_members=5)
    EstablishmentFactory(since=long_ago)
    CoverageFactory(association=EstablishmentFactory().association, party_organization__name="")
    for established in (long_ago, months_after(soon, -36)):
        PartyOrganizationFactory(kind="branch", established_on=established)
    WeakListingFactory(rectifying_since=months_after(today, -2))
    UnresolvedAssignmentFactory()
    RatingFactory(valid_until=soon)
    LeadershipTermFactory(valid_from=long_ago)
    AssignmentFactory(assigned_on=long_ago)
    InstructorFactory(term_from=long_ago, term_until=soon)
    SuggestionFactory(received_at=timezone.now() - datetime.timedelta(400))
    ImportBatch.objects.create(
        register_key="associations",
        file_name="a.xlsx",
        created_by=by,
        status=ImportBatch.Status.STAGED,
    )


def shown(client: Client, url: str) -> int:
    """How many rows the list at `url` has on all its pages."""
    context = client.get(url).context
    return (context.get("page_obj") or context["page"]).paginator.count


def test_every_rule_counts_what_its_list_shows(reviewer):
    one_for_each_rule(reviewer)
    scope = Scope(timezone.localdate(), reviewer)
    client = Client()
    client.force_login(reviewer)
    for rule in (rule for rule in RULES if rule.concerns(scope)):
        task = rule.task(scope)
        assert task.number, task.text
        assert shown(client, task.url) == task.number, task.text
