"""The way of a brand from its declaration to its naming, re-examination and delisting."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from accounts.permissions import Permission
from accounts.roles import Role
from assessments.figures import FIGURES
from assessments.models import Brand, BrandMove
from assessments.operations.brands import STEPS, steps_of, take_step
from assessments.tasks import open_tasks
from organizations.figures import Scope
from organizations.terms import years_after
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import BrandFactory
from tests.factories.organizations import AssociationFactory, DepartmentFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date
FACTS = {"opinion": "同意", "naming_no": "菏社工发〔2025〕9号"}


@pytest.fixture
def office() -> User:
    return StaffFactory(grant__role=Role.REVIEWER)


@pytest.fixture
def clerk() -> User:
    return StaffFactory(grant__role=Role.DEPARTMENT_STAFF, grant__department=DepartmentFactory())


def step(brand: Brand, key: str, by: User, on: datetime.date, **facts: str) -> Brand:
    row = take_step(brand=brand, step=key, on=on, by=by, facts=FACTS | facts)
    brand.refresh_from_db()
    return row


def named(office: User) -> Brand:
    """Named today, after a notice that began early enough."""
    brand = BrandFactory()
    for place, key in enumerate(("screen", "review")):
        step(brand, key, office, DAY(2025, 6, 1) + datetime.timedelta(10 * place))
    step(brand, "publicise", office, timezone.localdate())
    begun = timezone.localdate() - datetime.timedelta(6)
    Brand.objects.filter(pk=brand.pk).update(publicised_on=begun, since=begun)
    step(brand, "name", office, timezone.localdate())
    return brand


def test_a_brand_walks_from_its_declaration_to_its_naming(office) -> None:
    brand = named(office)
    today = timezone.localdate()
    told = (brand.stage, brand.named_on, brand.naming_no)
    assert told == ("named", today, FACTS["naming_no"])
    assert brand.valid_until == years_after(today, 3)
    moves = [(move.to_stage, move.by) for move in brand.moves.order_by("pk")]
    assert moves == [(s, office) for s in ("screened", "reviewed", "publicised", "named")]


def test_nobody_reviews_the_own_brand(office) -> None:
    brand = BrandFactory(declared_by=office)
    assert steps_of(brand, office) == []
    with pytest.raises(ValidationError):
        step(brand, "screen", office, DAY(2025, 6, 2))


def test_departments_declare_their_own_and_review_none(clerk) -> None:
    own = BrandFactory(department=clerk.grants.get().department, stage="returned")
    other = BrandFactory(stage="returned")
    assert [each.key for each in steps_of(own, clerk)] == ["declare"]
    assert steps_of(other, clerk) == []
    assert list(Brand.objects.for_user(clerk, Permission.VIEW_ASSESSMENT)) == [own]


def test_what_is_returned_says_why_and_is_declared_anew(office, clerk) -> None:
    brand = BrandFactory(department=clerk.grants.get().department, declared_by=clerk)
    with pytest.raises(ValidationError):
        step(brand, "return", office, DAY(2025, 6, 5), opinion=" ")
    step(brand, "return", office, DAY(2025, 6, 5), opinion="缺少数据支撑")
    step(brand, "declare", clerk, DAY(2025, 6, 9))
    assert brand.stage == "declared"
    assert brand.moves.count() == 2


def test_nothing_is_named_during_the_public_notice(office) -> None:
    brand = BrandFactory(stage="publicised", publicised_on=DAY(2025, 6, 1))
    with pytest.raises(ValidationError):
        step(brand, "name", office, DAY(2025, 6, 5))
    step(brand, "name", office, DAY(2025, 6, 6))


def test_a_notice_begins_on_the_day_on_which_it_is_put_up(office) -> None:
    brand = BrandFactory(stage="reviewed")
    with pytest.raises(ValidationError) as refused:
        step(brand, "publicise", office, timezone.localdate() - datetime.timedelta(9))
    assert "on" in refused.value.message_dict


def test_a_doubled_click_takes_one_step(office) -> None:
    brand = BrandFactory()
    step(brand, "screen", office, DAY(2025, 6, 2))
    with pytest.raises(ValidationError):
        step(brand, "screen", office, DAY(2025, 6, 2))
    assert brand.moves.count() == 1


def test_a_named_brand_is_re_examined_or_delisted(office) -> None:
    brand = BrandFactory(named=True)
    step(brand, "reexamine", office, DAY(2026, 6, 1))
    assert (brand.stage, brand.valid_until) == ("named", DAY(2029, 6, 1))
    assert list(Brand.objects.in_force(DAY(2026, 6, 2))) == [brand]
    step(brand, "delist", office, DAY(2026, 6, 2), opinion="不再符合条件")
    assert not Brand.objects.in_force(DAY(2026, 6, 2)).exists()
    assert Brand.objects.in_force(DAY(2026, 6, 1)).exists()


@pytest.mark.parametrize(
    "change",
    [
        {"stage": "named"},
        {"level": "site"},
        {"level": "none"},
        {"naming_no": "1号"},
        {"stage": "delisted"},
    ],
    ids=str,
)
def test_the_database_refuses(change) -> None:
    BrandFactory()
    with pytest.raises(DatabaseError), transaction.atomic():
        Brand.objects.update(**change)


@pytest.mark.parametrize("change", [{"title": "改名"}, {"stage": "draft"}, {"level": "city"}])
def test_what_has_been_named_stays(change) -> None:
    BrandFactory(named=True)
    with pytest.raises(DatabaseError), transaction.atomic():
        Brand.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Brand.objects.all()._raw_delete("default")


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=8))
def test_any_steps_in_any_order_leave_a_brand_that_can_be(keys) -> None:
    with override_settings(BRAND_NOTICE_DAYS=0):
        take_any(keys)


def take_any(keys: list[str]) -> None:
    office = StaffFactory(grant__role=Role.REVIEWER)
    brand = BrandFactory(title=f"品牌{Brand.objects.count()}")
    day, taken = timezone.localdate(), 0
    for key in keys:
        allowed = brand.stage in STEPS[key].sources
        try:
            with transaction.atomic():
                step(brand, key, office, day)
        except ValidationError:
            assert not allowed
        else:
            assert allowed
            taken += 1
    assert BrandMove.objects.filter(brand=brand).count() == taken
    assert (brand.named_on is None) == (brand.stage not in ("named", "delisted"))


HAVES = {
    "title": "红帆领航 木业腾翔",
    "mark": "红帆图形",
    "meaning": "党建引领木业发展",
    "vehicle": "党员先锋岗",
    "effect": "会员满意度提升",
}


def test_a_brand_is_declared_once_in_a_form_and_screened_on_its_page(client, clerk, office) -> None:
    department = clerk.grants.get().department
    association = AssociationFactory(industry_department=department)
    client.force_login(clerk)
    url = reverse("assessments:brand-add")
    form = client.get(url).context["form"]
    sent = HAVES | {
        "level": "industry",
        "department": department.pk,
        "association": association.pk,
        "key": form["key"].value(),
    }
    foreign = AssociationFactory(industry_department=DepartmentFactory())
    refused = client.post(url, sent | {"association": foreign.pk})
    assert refused.context["form"].errors.keys() == {"association"}
    for _twice in range(2):
        client.post(url, sent)
    brand = Brand.objects.get()
    assert (brand.stage, brand.declared_by) == ("declared", clerk)
    client.force_login(office)
    page = reverse("assessments:brand-detail", args=[brand.pk])
    assert "初审通过" in client.get(page).text
    today = timezone.localdate().isoformat()
    take = reverse("assessments:brand-step", args=[brand.pk, "screen"])
    assert client.post(take, {"on": today}).status_code == 422
    for _twice in range(2):
        client.post(take, {"on": today, "opinion": "材料齐全"})
    assert brand.moves.filter(to_stage="screened").count() == 1
    publish = reverse("assessments:brand-step", args=[brand.pk, "review"])
    client.force_login(clerk)
    assert client.post(publish, {"on": today, "opinion": "自评"}).status_code == 403


def test_the_wall_shows_what_is_in_force_and_what_is_publicised(client) -> None:
    shown = BrandFactory(named=True)
    over = BrandFactory(named=True, valid_until=DAY(2025, 12, 31))
    notice = BrandFactory(stage="publicised", publicised_on=DAY(2025, 6, 1))
    hidden = BrandFactory()
    wall = client.get(reverse("assessments:showcase")).text
    seen = [brand.title in wall for brand in (shown, notice, over, hidden)]
    assert seen == [True, True, False, False]
    pages = [
        client.get(reverse("assessments:brand-public", args=[brand.pk])).status_code
        for brand in (shown, notice, over, hidden)
    ]
    assert pages == [200, 200, 404, 404]
    assert shown.declared_by.full_name not in wall


def test_figures_are_of_brands_in_force(office, clerk) -> None:
    BrandFactory(named=True)
    BrandFactory()
    site = {"level": "site", "association": AssociationFactory()}
    BrandFactory.create_batch(2, named=True, **site)
    values = {figure.key: figure.value(Scope(timezone.localdate(), office)) for figure in FIGURES}
    assert (values["industry_brands"], values["demonstration_sites"]) == (1, 2)


@pytest.mark.parametrize("name", ["brand-list", "showcase"])
def test_queries_do_not_grow_with_the_rows(client, office, name) -> None:
    client.force_login(office)
    url = reverse(f"assessments:{name}")

    def queries() -> int:
        BrandFactory(named=True, association=AssociationFactory())
        client.get(url)
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    one = queries()
    queries()
    assert queries() == one


@pytest.mark.parametrize(
    ("brand", "url_part"),
    [
        ({}, "state=underway"),
        ({"stage": "returned"}, "stage=returned"),
        ({"named": True, "valid_until": DAY(2026, 6, 1)}, "state=reexamine"),
    ],
    ids=["to review", "returned", "to re-examine"],
)
def test_the_to_do_list_leads_to_exactly_the_brands_that_wait(
    client, office, brand, url_part
) -> None:
    waiting = BrandFactory(**brand)
    BrandFactory(named=True)
    client.force_login(office)
    [task] = open_tasks(Scope(DAY(2026, 3, 1), office))
    assert url_part in task.url
    listed = client.get(task.url).context["object_list"]
    assert (task.number, list(listed)) == (1, [waiting])


def test_who_declares_a_returned_brand_anew_does_not_review_it(office) -> None:
    brand = BrandFactory(stage="returned")
    step(brand, "declare", office, DAY(2025, 6, 2))
    assert brand.declared_by == office
    assert steps_of(brand, office) == []


def test_who_rewrites_a_brand_does_not_review_it(client, office, clerk) -> None:
    brand = BrandFactory(stage="returned", department=clerk.grants.get().department)
    client.force_login(office)
    url = reverse("assessments:brand-edit", args=[brand.pk])
    form = client.get(url).context["form"]
    given = {name: form[name].value() for name in form.fields}
    client.post(url, {k: v for k, v in given.items() if v is not None} | {"meaning": "全新内涵"})
    brand.refresh_from_db()
    assert (brand.meaning, brand.declared_by) == ("全新内涵", office)
    step(brand, "declare", clerk, DAY(2025, 6, 2))
    assert brand.declared_by == clerk
