"""Brands and demonstration sites for the demo, in every stage."""

import datetime
import re
from collections.abc import Iterator
from itertools import pairwise
from random import Random

from django.utils import timezone

from accounts.models import User
from assessments.models import Brand, BrandMove, BrandStage
from organizations.models import Association, Department
from organizations.terms import years_after

INDUSTRY_BRANDS, SITES = 72, 36  # article.md
FIRST_HALVES = (
    "红帆领航", "红链聚力", "先锋引领", "匠心铸魂", "同心聚商", "红心向党", "党旗领航", "红色引擎",
)  # fmt: skip
SECOND_HALVES = ("腾飞", "兴业", "争先", "惠民", "聚能", "同行", "致远", "添彩")
MEANINGS = (
    "以党建引领行业发展，把支部建在产业链上，推动党建与业务深度融合。",
    "发挥党组织政治引领作用，凝聚会员企业，服务行业高质量发展。",
    "以党员示范带动行业自律，促进诚信经营、抱团发展。",
)
VEHICLES = (
    "党员先锋岗、红色议事厅、会员服务日。",
    "主题党日、书记讲党课、党员包联会员企业。",
    "党建联席会、产业链党建沙龙、志愿服务队。",
)
EFFECTS = (
    "年内走访会员企业60余家，协调解决问题30余个，会员满意度明显提升。",
    "带动会员企业签订诚信自律公约，行业投诉量同比下降。",
    "推动3个产学研项目落地，培育省级以上专精特新企业2家。",
)
ON_THE_WAY = ("declared", "declared", "screened", "reviewed", "publicised", "returned")
WAY = list(BrandStage)[:6]  # draft to named
CITY_TITLE = "实芯铸魂 会聚菏力"


def load_brands(office: User, clerk: User) -> int:
    """Name the brands of the article, and leave some on their way; how many are in force."""
    if Brand.objects.exists():
        return 0
    today = timezone.localdate()
    rng = Random("brands")  # noqa: S311  # a demonstration, the same each time
    made = [*_city(today), *_industry(rng, today), *_sites(rng, today), *_on_the_way(rng, today)]
    for brand in made:
        brand.declared_by = clerk
    brands = Brand.objects.bulk_create(made)
    BrandMove.objects.bulk_create(move for brand in brands for move in _moves(brand, office, clerk))
    return Brand.objects.in_force(today).count()


def _managed() -> list[Association]:
    """City-level associations with a Party organisation, with their departments."""
    today = timezone.localdate()
    rows = Association.objects.active(today).filter(
        level=Association.Level.CITY, industry_department__isnull=False
    )
    return list(rows.covered(today).select_related("industry_department").order_by("pk"))


def _city(today: datetime.date) -> Iterator[Brand]:
    office = Department.objects.get(code="sgb")
    yield _named(Brand.Level.CITY, CITY_TITLE, office, None, datetime.date(today.year - 1, 6, 30))


def _industry(rng: Random, today: datetime.date) -> Iterator[Brand]:
    taken = set()
    for number, association in enumerate(_managed()[:INDUSTRY_BRANDS]):
        title = next(title for title in _titles(association, number) if title not in taken)
        taken.add(title)
        day = datetime.date(today.year - 1, 7, 1) - datetime.timedelta(rng.randrange(300))
        department = association.industry_department
        yield _named(Brand.Level.INDUSTRY, title, department, association, day, rng)


def _titles(association: Association, number: int) -> Iterator[str]:
    trade = re.sub("^菏泽市?|行业协会$|协会$|商会$|联合会$|促进会$", "", association.name)
    trade = re.sub("行业协会$|协会$|商会$|联合会$|促进会$", "", trade)[:6]
    for step in range(len(FIRST_HALVES) * len(SECOND_HALVES)):
        first = FIRST_HALVES[(number + step) % len(FIRST_HALVES)]
        second = SECOND_HALVES[(number // 3 + step) % len(SECOND_HALVES)]
        yield f"{first} {trade}{second}"


def _sites(rng: Random, today: datetime.date) -> Iterator[Brand]:
    for association in _managed()[:SITES]:
        day = datetime.date(today.year - 1, 11, 1) - datetime.timedelta(rng.randrange(300))
        title = f"{association.name}党建示范点"
        yield _named(
            Brand.Level.SITE, title, association.industry_department, association, day, rng
        )


def _on_the_way(rng: Random, today: datetime.date) -> Iterator[Brand]:
    for number, association in enumerate(_managed()[INDUSTRY_BRANDS:][: len(ON_THE_WAY)]):
        stage = ON_THE_WAY[number]
        title = next(_titles(association, number))
        brand = _brand(
            Brand.Level.INDUSTRY, title, association.industry_department, association, rng
        )
        brand.stage, brand.since = stage, today - datetime.timedelta(rng.randrange(3, 20))
        if stage == BrandStage.PUBLICISED:
            brand.publicised_on = brand.since
        yield brand


def _named(
    level: str,
    title: str,
    department: Department | None,
    association: Association | None,
    day: datetime.date,
    rng: Random | None = None,
) -> Brand:
    brand = _brand(level, title, department, association, rng)
    brand.stage, brand.since, brand.named_on = BrandStage.NAMED, day, day
    brand.publicised_on = day - datetime.timedelta(7)
    brand.valid_until = years_after(day, 3)
    brand.naming_no = f"菏社工发〔{day.year}〕{day.month + 3}号"
    return brand


def _brand(
    level: str,
    title: str,
    department: Department | None,
    association: Association | None,
    rng: Random | None,
) -> Brand:
    pick = rng.choice if rng else (lambda options: options[0])
    return Brand(
        level=level,
        title=title,
        department=department,
        association=association,
        mark="党徽与行业元素组合的圆形标识，主色为红、金两色。",
        meaning=pick(MEANINGS),
        vehicle=pick(VEHICLES),
        effect=pick(EFFECTS),
    )


def _moves(brand: Brand, office: User, clerk: User) -> Iterator[BrandMove]:
    """The steps that led to where the brand stands, a week each."""
    stage = BrandStage(brand.stage)
    end = WAY.index(stage) if stage in WAY else 1
    steps = list(pairwise(WAY[: end + 1]))
    if stage == BrandStage.RETURNED:
        steps.append((BrandStage.DECLARED, BrandStage.RETURNED))
    for back, (before, after) in enumerate(reversed(steps)):
        opinions = {
            BrandStage.SCREENED: "材料齐全，符合申报条件。",
            BrandStage.REVIEWED: "特色鲜明、成效明显，同意推荐。",
            BrandStage.RETURNED: "品牌影响缺少数据支撑，请补充后再报。",
            BrandStage.NAMED: brand.naming_no,
        }
        yield BrandMove(
            brand=brand,
            from_stage=before,
            to_stage=after,
            on=brand.since - datetime.timedelta(7 * back),
            opinion=opinions.get(after, ""),
            by=clerk if after == BrandStage.DECLARED else office,
        )
