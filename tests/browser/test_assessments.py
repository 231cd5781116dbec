"""A cycle in the browser: rate on a phone, vote on a phone, calculate, announce, object."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.roles import Role
from assessments.models import BallotSheet, Brand, Cycle, Score
from organizations.models import Department
from tests.browser.conftest import PASSWORD, log_in
from tests.factories.accounts import StaffFactory
from tests.factories.assessments import (
    CycleFactory,
    IndicatorFactory,
    ParticipantFactory,
    ScoringTaskFactory,
)
from tests.factories.organizations import AssociationFactory, CoverageFactory

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


BRAND = {
    "名称": "红帆领航 木业腾翔",
    "标识": "红帆与木纹组合的图形",
    "内涵": "把支部建在产业链上，以党建引领木业转型升级。",
    "载体": "党员先锋岗、红色议事厅。",
    "影响": "带动会员企业120家。",
}


def person(role: Role, **grant: Department) -> User:
    user = StaffFactory(grant__role=role, **{f"grant__{key}": row for key, row in grant.items()})
    user.set_password(PASSWORD)
    user.save()
    return user


def test_a_brand_from_its_declaration_to_the_public_wall(
    page: Page, reference: None, reviewer: User
) -> None:
    department = Department.objects.get(code="gxj")
    AssociationFactory(name="菏泽市木业协会", industry_department=department)
    log_in(page, person(Role.DEPARTMENT_STAFF, department=department))
    page.goto("/desk/assessments/brands/declare/")
    page.get_by_label("品牌级别").select_option(label="行业特色品牌")
    page.get_by_label("协会商会").select_option(label="菏泽市木业协会")
    for label, value in BRAND.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("main")).to_contain_text("已申报")
    log_out(page)
    log_in(page, reviewer)
    page.goto("/desk/")
    page.locator(".todo li", has_text="个品牌待审核").get_by_role("link").click()
    page.get_by_role("link", name=BRAND["名称"]).click()
    for step in ("初审通过", "评审通过"):
        panel = page.locator("section.panel", has=page.get_by_role("button", name=step))
        panel.get_by_label("意见").fill("材料齐全，特色鲜明，同意。")
        panel.get_by_role("button", name=step).click()
    page.get_by_role("button", name="公示", exact=True).click()
    panel = page.locator("section.panel", has=page.get_by_role("button", name="命名", exact=True))
    panel.get_by_label("命名文号").fill("菏社工发〔2026〕9号")
    panel.get_by_role("button", name="命名", exact=True).click()
    expect(page.locator("main")).to_contain_text("期满后方可命名")
    notice = timezone.localdate() - datetime.timedelta(6)
    Brand.objects.update(publicised_on=notice, since=notice)
    panel.get_by_role("button", name="命名", exact=True).click()
    expect(page.locator("main")).to_contain_text("已命名")
    log_out(page)
    page.set_viewport_size(PHONE)
    page.goto("/showcase/")
    page.get_by_role("link", name=BRAND["名称"]).click()
    expect(page.locator("main")).to_contain_text(BRAND["影响"])
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


@pytest.fixture
def cycle(reference: None) -> Cycle:
    """In preparation: one judged and one computed indicator, two departments, one evaluator."""
    cycle = CycleFactory(year=2025, ballot_weight=30)
    judged = IndicatorFactory(cycle=cycle, position=1, full=60, name="责任落实情况")
    IndicatorFactory(
        cycle=cycle, position=2, full=40, name="党组织覆盖率", kind="computed", measure="coverage"
    )
    ScoringTaskFactory(indicator=judged, evaluator=person(Role.EVALUATOR))
    for code in ("gxj", "jyj"):
        department = Department.objects.get(code=code)
        ParticipantFactory(cycle=cycle, department=department)
        CoverageFactory(association=AssociationFactory(industry_department=department))
    return cycle


def log_out(page: Page) -> None:
    page.context.clear_cookies()


def test_a_cycle_from_scoring_on_a_phone_to_an_objection(
    page: Page, cycle: Cycle, reviewer: User
) -> None:
    address = f"/desk/assessments/{cycle.pk}/"
    log_in(page, reviewer)
    page.goto(address)
    page.get_by_role("button", name="启动考评").click()
    expect(page.locator(".messages")).to_contain_text("已完成：启动考评")
    page.goto(f"{address}ballot/")
    page.get_by_label("测评码数量").fill("1")
    with page.context.expect_page() as printed:
        page.get_by_role("button", name="生成测评码").click()
    code = printed.value.locator(".ballot-slips b").first.inner_text()
    page.goto(f"{address}ballot/")
    page.get_by_role("button", name="开始测评").click()
    log_out(page)

    _score_on_a_phone(page, cycle)
    log_out(page)
    _vote_on_a_phone(page, code)

    page.set_viewport_size(DESK)
    log_in(page, reviewer)
    page.goto(f"{address}ballot/")
    expect(page.locator(".figure-value")).to_have_text("1")
    page.locator("details.confirm summary").click()
    page.locator("details.confirm[open] button").click()
    page.goto(address)
    for step in ("按截止日统计指标", "核算结果", "向参评单位反馈"):
        page.get_by_role("button", name=step).click()
        expect(page.locator(".messages")).to_contain_text(f"已完成：{step}")
    page.get_by_role("link", name="考评结果").click()
    expect(page.locator("tbody tr").first).to_contain_text("好")
    log_out(page)

    log_in(page, person(Role.DEPARTMENT_STAFF, department=Department.objects.get(code="gxj")))
    page.goto(f"{address}results/")
    page.locator("tbody a").click()
    expect(page.locator("main")).to_contain_text("1 ÷ 1")
    page.get_by_label("异议内容和理由").fill("评议意见与实际不符。")
    page.get_by_role("button", name="提交异议").click()
    expect(page.locator("main")).to_contain_text("待答复")


def _score_on_a_phone(page: Page, cycle: Cycle) -> None:
    page.set_viewport_size(PHONE)
    log_in(page, cycle.indicators.first().tasks.get().evaluator)
    page.get_by_role("link", name="查看名单").click()
    page.get_by_role("link", name="责任落实情况").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for card in page.locator(".score-card").all():
        card.get_by_label("得分").fill("58")
        card.get_by_label("打分理由").fill("研究部署及时，任务落实到位。")
    page.get_by_role("button", name="保存").click()
    page.locator("details.confirm summary").click()
    page.locator("details.confirm[open] button").click()
    expect(page.locator("main")).to_contain_text("不得再改")
    assert Score.objects.count() == 2


def _vote_on_a_phone(page: Page, code: str) -> None:
    page.goto("/ballot/")
    page.get_by_label("一次性测评码").fill(code)
    page.get_by_role("button", name="填写测评表").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for row in page.locator(".ballot-row").all():
        row.get_by_label("好", exact=True).check()
    page.get_by_role("button", name="提交测评表").dblclick()
    expect(page.locator("main")).to_contain_text("测评")
    assert BallotSheet.objects.count() == 1
