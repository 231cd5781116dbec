import datetime
import threading
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from accounts.roles import Role
from organizations.models import Assignment, AssignmentRules, Proposal
from organizations.operations import acceptance, proposals
from organizations.operations.work import log_work
from organizations.proposals.reading import Asked, problem_of, waiting
from organizations.proposals.solving import bound
from organizations.proposals.standing import Standing
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CityFactory,
    CountyFactory,
    CoverageFactory,
    DepartmentFactory,
    InstructorFactory,
    TownFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def today() -> datetime.date:
    return timezone.localdate()


@pytest.fixture
def reviewer(db):
    return StaffFactory(grant__role=Role.REVIEWER)


def made(by, **asked) -> Proposal:
    return proposals.propose(by=by, asked=Asked(**asked), key=uuid.uuid4())


def accept(proposal, by, **options) -> int:
    return acceptance.accept(
        proposal=proposal, by=by, starts_on=options.pop("on", timezone.localdate()), **options
    )


def county_staff(county):
    return StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)


# Proposing


def test_instructors_go_where_unit_industry_and_county_fit(reviewer) -> None:
    county = CountyFactory()
    office = DepartmentFactory(division=county)
    own = InstructorFactory(department=office)
    InstructorFactory(department=DepartmentFactory())
    AssociationFactory(level="county", division=TownFactory(parent=county), supervising_unit=office)
    assert made(reviewer).rows.get().instructor == own


def test_a_unit_s_text_stands_in_for_the_department(reviewer) -> None:
    office = DepartmentFactory(aliases=["测试老局"])
    InstructorFactory(unit="别的单位")
    named = InstructorFactory(unit="测试老局")
    AssociationFactory(industry_department=office)
    assert made(reviewer).rows.get().instructor == named


def test_nothing_is_assigned_before_it_is_accepted(reviewer) -> None:
    InstructorFactory()
    AssociationFactory()
    made(reviewer)
    assert not Assignment.objects.exists()


def test_a_doubled_click_makes_one_proposal(reviewer) -> None:
    InstructorFactory()
    AssociationFactory()
    key = uuid.uuid4()
    first, second = (proposals.propose(by=reviewer, asked=Asked(), key=key) for _ in range(2))
    assert first == second
    assert Proposal.objects.count() == 1


def test_those_who_have_or_will_have_an_instructor_don_t_wait(reviewer, today) -> None:
    AssignmentFactory()
    AssignmentFactory(assigned_on=today + datetime.timedelta(7))
    ended = AssignmentFactory(ended_on=today).association
    AssociationFactory(ended=True)
    assert list(waiting(reviewer, Asked(), today)) == [ended]


def test_filters_choose_the_associations(reviewer, today) -> None:
    county, office = CountyFactory(), DepartmentFactory()
    here = AssociationFactory(level="county", division=county, industry_department=office)
    AssociationFactory(level="county", division=county)
    AssociationFactory(industry_department=office)
    covered = CoverageFactory(association__industry_department=office).association
    asked = Asked(county=county.code, department=office.code)
    assert list(waiting(reviewer, asked, today)) == [here]
    assert covered not in waiting(reviewer, Asked(uncovered=True), today)


def test_a_county_proposes_with_what_it_may_assign_and_counts_work_elsewhere(today) -> None:
    county = CountyFactory()
    by = county_staff(county)
    shared = AssignmentFactory(association__division=county).instructor
    AssignmentFactory.create_batch(3, instructor=shared)
    AssignmentFactory()  # somebody else's instructor
    mine = AssociationFactory(level="county", division=county)
    AssociationFactory()
    problem = problem_of(waiting(by, Asked(), today), by=by, rules=AssignmentRules(), on=today)
    assert [place.key for place in problem.places] == [mine.pk]
    assert [(person.key, person.load) for person in problem.people] == [(shared.pk, 4)]


@pytest.mark.parametrize(
    ("days", "since", "stays"), [(31, -90, True), (30, -90, False), (None, 1, False)]
)
def test_who_leaves_soon_or_has_not_begun_is_given_nothing(
    reviewer, today, days, since, stays
) -> None:
    day = datetime.timedelta
    InstructorFactory(
        term_until=days and today + day(days),
        term_from=since and today + day(since),
    )
    AssociationFactory()
    assert (made(reviewer).rows.get().instructor is not None) == stays


def test_the_rules_in_force_are_followed(reviewer) -> None:
    AssignmentRules.objects.create(most=1, set_by=reviewer)
    InstructorFactory.create_batch(2)
    AssociationFactory.create_batch(3)
    proposal = made(reviewer)
    assert proposal.rows.filter(instructor=None).count() == 1
    assert proposal.best_left_over == 1


def test_where_nobody_waits_or_nobody_can_go_that_is_said(reviewer) -> None:
    with pytest.raises(ValidationError):
        made(reviewer)
    AssociationFactory()
    with pytest.raises(ValidationError):
        made(reviewer)


# Changing


@pytest.fixture
def proposal(reviewer) -> Proposal:
    """Three associations and three instructors of three departments, each fitting one."""
    for department in DepartmentFactory.create_batch(3):
        InstructorFactory(department=department)
        AssociationFactory(industry_department=department)
    return made(reviewer)


def standing(proposal) -> Standing:
    proposal.refresh_from_db()
    return Standing(proposal, proposal.rows.all())


def test_a_change_is_measured_against_the_best_possible(proposal, reviewer) -> None:
    assert standing(proposal).is_best
    first, second, _third = proposal.rows.all()
    proposals.change_row(row=first, instructor=second.instructor, by=reviewer)
    stands = standing(proposal)
    # Another department costs 4 points, a second association 6.
    assert (stands.is_best, stands.points_more, stands.left_over_more) == (False, 10, 0)


def test_a_changed_row_is_kept_when_all_is_worked_out_again(proposal, reviewer) -> None:
    first, second, _third = proposal.rows.all()
    proposals.change_row(row=first, instructor=second.instructor, by=reviewer)
    proposals.work_out_again(proposal=proposal, by=reviewer)
    first.refresh_from_db()
    assert (first.instructor, first.kept) == (second.instructor, True)
    assert standing(proposal).points_more > 0
    proposals.keep_row(row=first, kept=False, by=reviewer)
    proposals.work_out_again(proposal=proposal, by=reviewer)
    assert standing(proposal).is_best


def test_a_row_left_out_is_not_written_and_can_come_back(proposal, reviewer) -> None:
    row = proposal.rows.first()
    proposals.drop_row(row=row, dropped=True, by=reviewer)
    stands = standing(proposal)
    assert len(stands.choice) == 2
    assert bound(stands.problem, stands._prices) <= stands.cost
    proposals.drop_row(row=row, dropped=False, by=reviewer)
    assert standing(proposal).is_best


def test_a_change_beyond_the_limit_is_refused(reviewer) -> None:
    AssignmentRules.objects.create(most=1, set_by=reviewer)
    InstructorFactory.create_batch(2)
    AssociationFactory.create_batch(2)
    first, second = made(reviewer).rows.all()
    with pytest.raises(ValidationError):
        proposals.change_row(row=first, instructor=second.instructor, by=reviewer)


def test_an_instructor_outside_the_scope_cannot_be_chosen() -> None:
    county = CountyFactory()
    by = county_staff(county)
    InstructorFactory(department=DepartmentFactory(division=county))
    AssociationFactory(level="county", division=county)
    row = made(by).rows.get()
    with pytest.raises(ValidationError):
        proposals.change_row(row=row, instructor=AssignmentFactory().instructor, by=by)


def test_other_people_s_proposals_cannot_be_changed(proposal) -> None:
    other, row = StaffFactory(grant__role=Role.REVIEWER), proposal.rows.first()
    with pytest.raises(ValidationError):
        proposals.drop_row(row=row, dropped=True, by=other)


def test_worked_out_again_it_leaves_out_what_no_longer_waits(proposal, reviewer) -> None:
    AssignmentFactory(association=proposal.rows.first().association)
    assert proposals.work_out_again(proposal=proposal, by=reviewer) == 1
    assert proposal.rows.undecided().count() == 2


# Accepting


def test_accepted_rows_become_assignments_with_their_reasons(reviewer, today) -> None:
    InstructorFactory()
    not_yet = AssociationFactory()
    newly = CoverageFactory(valid_from=today - datetime.timedelta(30)).association
    long_ago = CoverageFactory().association
    proposal = made(reviewer)
    assert accept(proposal, reviewer) == 3
    reasons = dict(Assignment.objects.values_list("association", "reason"))
    assert reasons == {
        not_yet.pk: "not_yet_able",
        newly.pk: "newly_organised",
        long_ago.pk: "",
    }
    proposal.refresh_from_db()
    assert proposal.status == Proposal.Status.ACCEPTED


def test_accepted_twice_it_is_written_once(proposal, reviewer) -> None:
    assert (accept(proposal, reviewer), accept(proposal, reviewer)) == (3, 0)
    assert Assignment.objects.count() == 3


def test_some_rows_can_be_accepted_and_the_rest_later(proposal, reviewer) -> None:
    row = proposal.rows.first()
    assert accept(proposal, reviewer, only=[row.pk]) == 1
    assert accept(proposal, reviewer, only=[row.pk]) == 0
    assert accept(proposal, reviewer) == 2


def test_what_changed_meanwhile_is_said_and_nothing_is_written(proposal, reviewer) -> None:
    taken = AssignmentFactory(association=proposal.rows.first().association)
    with pytest.raises(ValidationError) as refusal:
        accept(proposal, reviewer)
    assert [taken.association.name in text for text in refusal.value.messages] == [True]
    assert Assignment.objects.count() == 1


def test_a_limit_reached_meanwhile_stops_it(proposal, reviewer) -> None:
    AssignmentFactory.create_batch(5, instructor=proposal.rows.first().instructor)
    with pytest.raises(ValidationError):
        accept(proposal, reviewer)


def test_an_association_that_moved_out_of_scope_is_not_written() -> None:
    county = CountyFactory()
    by = county_staff(county)
    InstructorFactory(department=DepartmentFactory(division=county))
    association = AssociationFactory(level="county", division=county)
    proposal = made(by)
    association.division = CountyFactory()
    association.save()
    with pytest.raises(ValidationError):
        accept(proposal, by)
    assert not Assignment.objects.exists()


def test_earlier_work_that_ended_later_asks_for_a_later_day(reviewer, today) -> None:
    AssignmentFactory(ended_on=today)
    proposal = made(reviewer)
    with pytest.raises(ValidationError):
        accept(proposal, reviewer, on=today - datetime.timedelta(3))
    assert accept(proposal, reviewer, on=today) == 1


def test_a_discarded_proposal_is_not_accepted(proposal, reviewer) -> None:
    proposals.discard(proposal=proposal, by=reviewer)
    with pytest.raises(ValidationError):
        accept(proposal, reviewer)


@pytest.mark.django_db(transaction=True)
def test_two_proposals_accepted_at_once_send_one_instructor() -> None:
    CityFactory()
    by = StaffFactory(grant__role=Role.REVIEWER)
    InstructorFactory.create_batch(2)
    AssociationFactory()
    start, answers = threading.Barrier(2), []

    def act(proposal) -> None:
        start.wait()
        try:
            answers.append(str(accept(proposal, by)))
        except ValidationError:
            answers.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=act, args=[made(by)]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["1", "told"]
    assert Assignment.objects.count() == 1


# Taking back


def test_taken_back_the_registry_is_as_before(proposal, reviewer) -> None:
    before = AssignmentFactory()
    accept(proposal, reviewer)
    assert acceptance.take_back(proposal=proposal, by=reviewer) == []
    assert list(Assignment.objects.all()) == [before]
    with pytest.raises(ValidationError):
        acceptance.take_back(proposal=proposal, by=reviewer)


def test_what_somebody_changed_since_stays(proposal, reviewer, today) -> None:
    accept(proposal, reviewer)
    changed = Assignment.objects.first()
    changed.reason = "newly_organised"
    changed.save()
    assert acceptance.take_back(proposal=proposal, by=reviewer) == [changed]
    assert list(Assignment.objects.all()) == [changed]


@pytest.mark.django_db(transaction=True)
def test_work_that_is_logged_while_all_is_taken_back_keeps_its_assignment() -> None:
    county = CountyFactory()
    by = StaffFactory(grant__role=Role.REVIEWER)
    worker = StaffFactory(grant__role=Role.INSTRUCTOR, grant__division=county)
    association = AssociationFactory(division=county)
    InstructorFactory(user=worker)
    proposal, logged, kept = made(by), threading.Event(), []
    accept(proposal, by)

    def take_back() -> None:
        logged.wait()
        kept.extend(acceptance.take_back(proposal=proposal, by=by))
        connection.close()

    thread = threading.Thread(target=take_back)
    thread.start()
    work = {"on": timezone.localdate(), "method": "visit", "done": "走访", "key": uuid.uuid4()}
    with transaction.atomic():
        log_work(association=association, by=worker, **work)
        logged.set()
        thread.join(timeout=0.3)  # it waits for this transaction
    thread.join()
    assert kept == list(Assignment.objects.all()) != []
