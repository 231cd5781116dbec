import io
import uuid

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from organizations.models import Assignment, AssignmentRules, Proposal
from organizations.operations.assignment_rules import set_rules
from tests.factories.accounts import GrantFactory, StaffFactory
from tests.factories.organizations import (
    AssignmentFactory,
    AssociationFactory,
    CountyFactory,
    DepartmentFactory,
    InstructorFactory,
)

pytestmark = pytest.mark.django_db
LIST = "organizations:proposal-list"
RULES = {
    "most": 4,
    "evenness": 6,
    "unit": 4,
    "industry": 4,
    "county": 20,
    "days_left": 30,
    "opened_at": 0,
}


@pytest.fixture
def reviewer(client):
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def proposed(client, associations=1) -> Proposal:
    InstructorFactory.create_batch(associations)
    AssociationFactory.create_batch(associations)
    client.post(reverse(LIST), {"key": uuid.uuid4()})
    return Proposal.objects.latest("pk")


def url(name, *args) -> str:
    return reverse(f"organizations:{name}", args=args)


def detail(client, proposal):
    return client.get(url("proposal-detail", proposal.pk))


def test_a_proposal_says_that_it_is_proved_the_best(client, reviewer) -> None:
    page = detail(client, proposed(client))
    assert page.context["standing"].is_best
    assert "经核算为最优方案" in page.text


def test_a_change_shows_its_distance_from_the_best(client, reviewer) -> None:
    proposal = proposed(client, 2)
    first, second = proposal.rows.all()
    client.post(url("proposal-row", first.pk), {"instructor": second.instructor_id})
    page = detail(client, proposal)
    assert "至多高6分" in page.text
    assert "人工调整" in page.text


def test_a_changed_row_is_found_again_where_it_stands(client, reviewer, monkeypatch) -> None:
    monkeypatch.setattr("organizations.views.proposals.ROWS_PER_PAGE", 1)
    proposal = proposed(client, 2)
    for row in proposal.rows.all():
        answer = client.post(url("proposal-row", row.pk), {"action": "keep"})
        address, _hash, anchor = answer.url.partition("#")
        page = client.get(address)
        assert [shown.row.pk for shown in page.context["rows"]] == [row.pk]
        assert f'id="{anchor}"' in page.text


def test_accepting_all_rows_is_asked_once_and_says_what_will_change(client, reviewer) -> None:
    page = detail(client, proposed(client, 2)).text
    assert "将为2家协会商会选派方案所列的指导员（共2名）" in page


def test_nothing_is_ticked_until_somebody_ticks_it(client, reviewer) -> None:
    proposal = proposed(client, 2)
    page = detail(client, proposal).text
    assert page.count(' name="rows"') == 2
    assert " checked" not in page
    rows = [row.pk for row in proposal.rows.all()]
    for sent in ({"ticked": "1"}, {"rows": rows}):
        sent["starts_on"] = timezone.localdate().isoformat()
        answer = client.post(url("proposal-accept", proposal.pk), sent)
        assert {message.level_tag for message in get_messages(answer.wsgi_request)} == {"error"}
        assert not Assignment.objects.exists()


def test_alternatives_say_what_they_cost_the_cheapest_first(client, reviewer) -> None:
    row = proposed(client, 2).rows.first()
    page = client.get(url("proposal-row", row.pk))
    assert [(one.chosen, one.more) for one in page.context["page"]] == [(True, 0), (False, 6)]


def test_ticked_rows_are_accepted_from_the_day_given(client, reviewer) -> None:
    proposal = proposed(client, 2)
    row, today = proposal.rows.first(), timezone.localdate()
    answer = {"rows": [row.pk], "starts_on": today.isoformat(), "ticked": "1"}
    for _click in range(2):
        client.post(url("proposal-accept", proposal.pk), answer)
    assignment = Assignment.objects.get()
    assert (assignment.association, assignment.instructor) == (row.association, row.instructor)
    assert assignment.assigned_on == today


def test_a_row_that_changed_meanwhile_is_marked_and_not_accepted(client, reviewer) -> None:
    proposal = proposed(client)
    AssignmentFactory(association=proposal.rows.get().association)
    assert "已另行选派指导员" in detail(client, proposal).text
    answer = {"all": "1", "starts_on": timezone.localdate().isoformat()}
    response = client.post(url("proposal-accept", proposal.pk), answer)
    assert [message.level_tag for message in get_messages(response.wsgi_request)] == ["error"]
    assert Assignment.objects.count() == 1


def test_a_proposal_can_be_worked_out_again_discarded_and_taken_back(client, reviewer) -> None:
    proposal = proposed(client)
    client.post(url("proposal-again", proposal.pk))
    client.post(
        url("proposal-accept", proposal.pk),
        {"all": "1", "starts_on": timezone.localdate().isoformat()},
    )
    assert Assignment.objects.exists()
    client.post(url("proposal-take-back", proposal.pk))
    assert not Assignment.objects.exists()
    other = Proposal.objects.create(
        created_by=reviewer,
        key=uuid.uuid4(),
        days_left=0,
        problem=proposal.problem,
        prices={},
        best_left_over=0,
        best_points=0,
        milliseconds=1,
        worked_out_at=timezone.now(),
    )
    client.post(url("proposal-discard", other.pk))
    assert [each.status for each in Proposal.objects.order_by("pk")] == ["taken_back", "discarded"]


def test_rows_that_left_the_scope_and_their_names_are_not_shown(client) -> None:
    county = CountyFactory()
    user = StaffFactory(grant__role=Role.COUNTY_STAFF, grant__division=county)
    client.force_login(user)
    own = DepartmentFactory(division=county)
    instructor = InstructorFactory(name="远方", department=own)
    moving = AssociationFactory(name="曹县密电协会", level="county", division=county)
    AssociationFactory(name="曹县明电协会", level="county", division=county)
    client.post(reverse(LIST), {"key": uuid.uuid4()})
    proposal = Proposal.objects.get()
    words = ("曹县密电协会", "曹县明电协会", "远方")
    page = detail(client, proposal).text
    assert [word in page for word in words] == [True, True, True]
    moving.division = CountyFactory()
    moving.save()
    instructor.department = None
    instructor.save()
    AssignmentFactory(instructor=instructor, association=moving)
    page = detail(client, proposal).text
    assert [word in page for word in words] == [False, True, False]


def test_the_workbook_holds_rows_and_reasons_and_no_formula(client, reviewer) -> None:
    InstructorFactory(name="=1+1")
    AssociationFactory()
    client.post(reverse(LIST), {"key": uuid.uuid4()})
    response = client.get(url("proposal-detail", Proposal.objects.get().pk) + "?format=xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue())).active
    assert (sheet["C5"].value, sheet["C5"].data_type) == ("=1+1", "s")
    assert "现联系0家" in sheet["G5"].value


def test_queries_don_t_grow_with_the_rows(client, reviewer) -> None:
    counts = {}
    for number in (1, 2):  # together one and three rows
        proposal = proposed(client, number)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert len(detail(client, proposal).context["rows"]) == 2 * number - 1
        with CaptureQueriesContext(connection) as of_row:
            client.get(url("proposal-row", proposal.rows.first().pk))
        with CaptureQueriesContext(connection) as of_list:
            client.get(reverse(LIST))
        counts[number] = [len(found), len(of_row), len(of_list)]
    assert counts[1] == counts[2]


@pytest.mark.parametrize(("role", "offered"), [(Role.REVIEWER, True), (Role.INSPECTOR, False)])
def test_the_list_of_instructors_leads_there_who_can_assign(client, role, offered) -> None:
    client.force_login(StaffFactory(grant__role=role))
    page = client.get(reverse("organizations:instructor-list")).text
    assert (f'href="{reverse(LIST)}"' in page) == offered


# Rules


def test_rules_are_set_and_the_earlier_ones_stay(client, reviewer) -> None:
    client.post(url("assignment-rules"), RULES)
    first = AssignmentRules.objects.get()
    client.post(url("assignment-rules"), RULES | {"most": 3, "opened_at": first.pk})
    assert [rules.most for rules in AssignmentRules.objects.all()] == [3, 4]
    assert AssignmentRules.objects.in_force().set_by == reviewer


def test_rules_set_twice_stand_once(client, reviewer) -> None:
    for _click in range(2):
        client.post(url("assignment-rules"), RULES)
    assert AssignmentRules.objects.count() == 1


def test_rules_that_somebody_set_meanwhile_are_not_overwritten(client, reviewer) -> None:
    AssignmentRules.objects.create(most=7, set_by=StaffFactory())
    page = client.post(url("assignment-rules"), RULES)
    assert page.context["form"].errors
    assert AssignmentRules.objects.get().most == 7


def test_rules_are_the_city_s_not_a_part_s() -> None:
    by = StaffFactory(grant=None)
    GrantFactory(user=by, role=Role.REVIEWER, division=CountyFactory())
    with pytest.raises(PermissionDenied):
        set_rules(rules=AssignmentRules(most=2), opened_at=0, by=by)


@pytest.mark.parametrize("wrong", [{"most": 0}, {"most": 51}, {"county": 1001}])
def test_rules_out_of_bounds_are_refused(client, reviewer, wrong) -> None:
    assert client.post(url("assignment-rules"), RULES | wrong).context["form"].errors
    with pytest.raises(ValidationError):
        set_rules(rules=AssignmentRules(**wrong), opened_at=0, by=reviewer)
    with pytest.raises(IntegrityError), transaction.atomic():
        AssignmentRules.objects.create(set_by=reviewer, **wrong)
