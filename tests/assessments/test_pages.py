"""The pages of a cycle, of scoring and of results."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.roles import Role
from assessments.figures import graded
from assessments.models import Adjustment, Cycle, Indicator, Participant, Result, Score, ScoringTask
from assessments.operations.calculating import calculate
from assessments.operations.cycles import announce, open_cycle
from assessments.operations.measuring import measure
from assessments.tasks import open_tasks
from organizations.figures import Scope, citywide
from tests.assessments.test_cycles import brought_to
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import (
    CycleFactory,
    IndicatorFactory,
    ParticipantFactory,
    ScoringTaskFactory,
)
from tests.factories.organizations import AssociationFactory, DepartmentFactory

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate


@pytest.fixture
def office(client: Client) -> User:
    user = StaffFactory(grant__role=Role.REVIEWER)
    client.force_login(user)
    return user


def ready_cycle(participants: int = 1, year: int = 2025) -> Cycle:
    """One judged and one computed indicator, one evaluator."""
    cycle = CycleFactory(year=year)
    judged = IndicatorFactory(cycle=cycle, position=1, full=60, name="责任落实情况")
    IndicatorFactory(cycle=cycle, position=2, full=40, kind="computed", measure="coverage")
    ScoringTaskFactory(indicator=judged)
    for participant in ParticipantFactory.create_batch(participants, cycle=cycle):
        AssociationFactory(industry_department=participant.department)
    return cycle


def step(client: Client, cycle: Cycle, key: str, **sent: str) -> str:
    url = reverse("assessments:cycle-step", args=[cycle.pk, key])
    return client.post(url, sent, follow=True).text


def test_a_cycle_is_prepared_opened_and_taken_back_on_its_page(client, office) -> None:
    DepartmentFactory()
    form = client.get(reverse("assessments:cycle-add")).context["form"]
    days = {
        name: getattr(CycleFactory, name).isoformat()
        for name in form.fields
        if hasattr(CycleFactory, name) and name not in ("year", "title", "key")
    }
    sent = days | {"year": "2025", "title": "2025年度", "key": form["key"].value()}
    for _twice in range(2):
        page = client.post(reverse("assessments:cycle-add"), sent, follow=True)
    cycle = Cycle.objects.get()
    assert "尚未指定评议人员" in page.text
    assert "尚未指定评议人员" in step(client, cycle, "open")
    evaluator = StaffFactory(grant__role=Role.EVALUATOR)
    for indicator in cycle.indicators.filter(kind=Indicator.Kind.JUDGED):
        url = reverse("assessments:evaluator-add", args=[indicator.pk])
        client.post(url, {"evaluator": evaluator.pk})
    assert "已完成：启动考评" in step(client, cycle, "open")
    assert "请说明退回原因" in step(client, cycle, "take-back")
    assert "已完成" in step(client, cycle, "take-back", reason="指标有误")
    cycle.refresh_from_db()
    assert (cycle.stage, cycle.version) == ("preparing", 1)


def test_the_table_changes_while_it_is_prepared_alone(client, office) -> None:
    cycle = ready_cycle()
    indicator = cycle.indicators.first()
    url = reverse("assessments:indicator-edit", args=[cycle.pk, indicator.pk])
    form = client.get(url).context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(url, sent | {"name": "新名称"})
    indicator.refresh_from_db()
    assert indicator.name == "新名称"
    open_cycle(cycle=cycle, by=office)
    assert client.get(url).status_code == 404


def test_a_participant_is_added_once_and_withdrawn_with_a_reason(client, office) -> None:
    cycle, department = ready_cycle(), DepartmentFactory()
    url = reverse("assessments:participant-add", args=[cycle.pk])
    form = client.get(url).context["form"]
    sent = {"department": department.pk, "key": form["key"].value()}
    for _twice in range(2):
        client.post(url, sent)
    participant = Participant.objects.get(department=department)
    url = reverse("assessments:participant-withdraw", args=[participant.pk])
    sent = {"version": client.get(url).context["form"]["version"].value()}
    sent |= {"withdrawn_on": "2026-01-01"}
    assert client.post(url, sent).status_code == 422
    client.post(url, sent | {"withdrawn_reason": "机构改革"})
    assert cycle.participants.rated().count() == 1


@pytest.fixture
def task(client: Client, office: User) -> ScoringTask:
    """A task of the person logged in, in an open cycle with two participants."""
    cycle = ready_cycle(2)
    open_cycle(cycle=cycle, by=office)
    task = ScoringTask.objects.get()
    client.force_login(task.evaluator)
    return task


def test_scores_are_saved_one_by_one_and_submitted(client, task) -> None:
    first, second = task.indicator.cycle.participants.all()
    url = reverse("assessments:scoring-detail", args=[task.pk])
    wrong = {
        f"{first.pk}-points": "50",
        f"{first.pk}-justification": "材料齐全",
        f"{second.pk}-points": "61",
        f"{second.pk}-justification": "成效明显",
    }
    page = client.post(url, wrong)
    assert page.status_code == 422
    assert 'value="61"' in page.text
    assert [score.participant for score in Score.objects.all()] == [first]
    submit = reverse("assessments:scoring-submit", args=[task.pk])
    assert str(second) in client.post(submit, follow=True).text
    client.post(url, wrong | {f"{second.pk}-points": "60"})
    assert "不得再改" in client.post(submit, follow=True).text
    assert [score.points for score in Score.objects.order_by("pk")] == [50, 60]


def test_points_without_a_reason_are_asked_for_it(client, task) -> None:
    participant = task.indicator.cycle.participants.first()
    url = reverse("assessments:scoring-detail", args=[task.pk])
    for sent in ({"points": "50"}, {"justification": "材料齐全"}):
        page = client.post(url, {f"{participant.pk}-{k}": v for k, v in sent.items()})
        assert page.status_code == 422
    assert not Score.objects.exists()


def test_other_people_s_tasks_do_not_exist(client, task) -> None:
    client.force_login(StaffFactory(grant__role=Role.EVALUATOR))
    url = reverse("assessments:scoring-detail", args=[task.pk])
    assert client.get(url).status_code == 404
    assert client.post(url).status_code == 404


def test_an_evaluator_is_told_what_waits(client, task) -> None:
    [waiting] = open_tasks(Scope(TODAY(), task.evaluator))
    assert (waiting.number, waiting.url) == (1, reverse("assessments:scoring-list"))
    assert waiting.text in client.get(reverse("desk")).text


def test_a_result_is_shown_line_by_line_down_to_its_rows(client, office) -> None:
    cycle = brought_to("calculated", ready_cycle(), office)
    listed = client.get(reverse("assessments:result-list", args=[cycle.pk]))
    [(result, _pill)] = listed.context["results"]
    page = client.get(reverse("assessments:result-detail", args=[result.pk]))
    assert "合计50分，满分合计60分" in page.text
    [value] = [value for _line, value in page.context["lines"] if value]
    rows = client.get(reverse("assessments:measured-detail", args=[value.pk]))
    [row] = rows.context["page"]
    assert (row.counted, row.whole, row.name) == (0, 1, row.name)
    workbook = client.get(reverse("assessments:result-list", args=[cycle.pk]), {"format": "xlsx"})
    assert workbook.getvalue()


def test_scores_are_not_shown_before_all_are_in(client, office) -> None:
    cycle = ready_cycle()
    ScoringTaskFactory(indicator=cycle.indicators.get(kind="judged"))
    open_cycle(cycle=cycle, by=office)
    task = ScoringTask.objects.first()
    Score.objects.create(
        task=task, participant=cycle.participants.get(), points=50, justification="密评意见"
    )
    measure(cycle=cycle, by=office)
    calculate(cycle=cycle, by=office)
    page = client.get(reverse("assessments:result-detail", args=[Result.objects.get().pk]))
    assert "密评意见" not in page.text
    assert "评议人员尚未全部提交" in page.text


def test_departments_are_not_told_who_scored_them(client, office) -> None:
    cycle = brought_to("announced", ready_cycle(), office)
    department = cycle.participants.get().department
    page = reverse("assessments:result-detail", args=[Result.objects.get().pk])
    evaluator = ScoringTask.objects.get().evaluator
    assert str(evaluator) in client.get(page).text
    client.force_login(
        StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=department)
    )
    told = client.get(page).text
    assert "材料齐全" in told
    assert str(evaluator) not in told


def test_points_are_added_on_the_page_of_a_result(client, office) -> None:
    cycle = ready_cycle()
    bonus = IndicatorFactory(cycle=cycle, position=3, kind="bonus", full=5)
    brought_to("calculated", cycle, office)
    url = reverse("assessments:result-detail", args=[Result.objects.get().pk])
    assert client.get(url).context["form"] is None
    assert client.post(url, {"points": "2"}).status_code == 404
    step(client, cycle, "take-back", reason="漏计加分")
    sent = {"indicator": bonus.pk, "points": "2", "reason": "获表彰", "evidence": "1号文"}
    sent["key"] = client.get(url).context["form"]["key"].value()
    assert client.post(url, sent | {"evidence": ""}).context["form"].errors.keys() == {"evidence"}
    assert "已保存，重新核算后计入结果" in client.post(url, sent, follow=True).text
    step(client, cycle, "calculate", reason="补计加分")
    result = Result.objects.counting().get()
    assert (result.bonus, result.total) == (2, 52)


def test_figures_count_the_cycle_published_last(client, office) -> None:
    cycle = brought_to("announced", ready_cycle(), office)
    assert not graded(citywide(TODAY())).exists()
    Cycle.objects.update(stage="published", published_on=TODAY())
    department = cycle.participants.get().department
    assert list(graded(citywide(TODAY()))) == [department]
    follow = client.get(reverse("assessments:latest-results"))
    assert follow.url == reverse("assessments:result-list", args=[cycle.pk])


@pytest.mark.parametrize(
    "name", ["cycle-list", "cycle-detail", "result-list", "result-detail", "scoring-list"]
)
def test_queries_do_not_grow_with_the_rows(client, office, name) -> None:
    def queries(participants: int, year: int) -> int:
        cycle = ready_cycle(participants, year)
        if name == "scoring-list":
            ScoringTask.objects.filter(indicator__cycle=cycle).update(evaluator=office)
        open_cycle(cycle=cycle, by=office)
        measure(cycle=cycle, by=office)
        calculation = calculate(cycle=cycle, by=office)
        if name == "scoring-list":
            Cycle.objects.filter(pk=cycle.pk).update(stage="open")
        arguments = {
            "cycle-detail": [cycle.pk],
            "result-list": [cycle.pk],
            "result-detail": [calculation.results.first().pk],
        }
        url = reverse(f"assessments:{name}", args=arguments.get(name, []))
        client.get(url)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert client.get(url).status_code == 200
        return len(found)

    assert queries(1, 2025) == queries(3, 2026 if name != "scoring-list" else 2024)


def test_the_office_is_told_when_the_days_to_object_are_over(office) -> None:
    cycle = brought_to("announced", ready_cycle(), office)
    assert open_tasks(Scope(TODAY(), office)) == []
    over = TODAY() - timezone.timedelta(cycle.objection_days + 1)
    Cycle.objects.update(announced_on=over)
    [task] = open_tasks(Scope(TODAY(), office))
    assert task.number == 1


def test_what_is_announced_is_announced_once(client, office) -> None:
    cycle = brought_to("calculated", ready_cycle(), office)
    announce(cycle=cycle, by=office)
    assert "请刷新后再操作" in step(client, cycle, "announce")


def test_a_what_if_is_shown_beside_what_counts(client, office) -> None:
    cycle = brought_to("calculated", ready_cycle(), office)
    url = reverse("assessments:what-if", args=[cycle.pk])
    form = client.get(url).context["form"]
    given = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in given.items() if value is not None}
    heavy, light = cycle.indicators.all()
    weights = {f"weight-{heavy.pk}": "80", f"weight-{light.pk}": "20"}
    assert client.post(url, sent | weights).context["form"].errors.keys() == {"note"}
    wrong = weights | {f"weight-{heavy.pk}": "70", "note": "试"}
    assert "应为100分" in client.post(url, sent | wrong).text
    page = client.post(url, sent | weights | {"note": "提高责任落实分值"}, follow=True)
    [(tried, known)] = page.context["compared"]
    assert (str(tried.total), str(known.total)) == ("66.67", "50.00")
    assert "提高责任落实分值" in page.text


def test_a_doubled_click_adds_points_once(client, office) -> None:
    cycle = ready_cycle()
    bonus = IndicatorFactory(cycle=cycle, position=3, kind="bonus", full=5)
    brought_to("calculated", cycle, office)
    step(client, cycle, "take-back", reason="漏计加分")
    url = reverse("assessments:result-detail", args=[Result.objects.get().pk])
    key = client.get(url).context["form"]["key"].value()
    sent = {"indicator": bonus.pk, "points": "1", "reason": "获表彰", "evidence": "1号", "key": key}
    for _twice in range(2):
        client.post(url, sent)
    assert Adjustment.objects.count() == 1


@pytest.mark.parametrize("role", [Role.FINANCE, Role.INSPECTOR])
def test_figures_lead_only_where_the_person_may_go(client, office, role) -> None:
    brought_to("announced", ready_cycle(), office)
    client.force_login(StaffFactory(grant__role=role))
    urls = [card["url"] for card in client.get(reverse("desk")).context["figures"]]
    shown = [url for url in urls if "assessments" in url]
    assert bool(shown) == (role == Role.INSPECTOR)
    assert {client.get(url, follow=True).status_code for url in shown} <= {200}
