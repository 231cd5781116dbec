"""Rosters of made-up associations, as many as wanted, the same for the same numbers."""

import csv
import datetime
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from django.conf import settings
from openpyxl import Workbook
from stdnum.cn import uscc

HEADINGS = (
    "社会组织名称",
    "统一社会信用代码",
    "登记类型",
    "级别",
    "登记管理机关",
    "行业主管部门",
    "成立登记时间",
    "法定代表人",
    "联系电话",
    "住所",
    "专职工作人员数",
    "兼职工作人员数",
    "从业人员总数",
    "正式党员数",
    "单位会员数",
    "个人会员数",
    "备注",
)


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


TYPES = ("脱钩类", "直接登记类", "未脱钩类")
QUALITIES = _words(
    "特色 绿色 生态 现代 智能 新型 民用 工业 出口 乡村 "
    "城镇 青年 创新 传统 精品 环保 数字 节能 高端 户外"
)
PRODUCTS = _words(
    "木制家具 白蜡条编 假发制品 汽车用品 棉纺织 针织服装 鞋帽 箱包 玩具 塑料制品 "
    "五金 水暖管件 卫浴洁具 厨具 玻璃制品 陶瓷 石材 涂料 钢结构 电缆 "
    "照明 太阳能 光伏 家电 眼镜 珠宝 婚庆 美容 宠物用品 花卉 "
    "茶叶 酒类 烘焙 调味品 面粉 大蒜 辣椒 黄桃 葡萄 草莓 "
    "中药材 瓜蒌 莲藕 黄牛 肉鸭 青山羊 水貂 蜂业 饲料 种子 "
    "农机 水泥 芦笋 山药 食用菌 牡丹 杨木 苗木 皮革 化工"
)
ACTIVITIES = _words(
    "加工 种植 销售 流通 制造 研发 设计 维修 检测 租赁 "
    "服务 包装 仓储 物流 贸易 回收 培训 咨询 展览 安装"
)
SUFFIXES = ("行业协会", "商会", "协会")
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "建国志强明华海涛文军春生庆东学勇立新振宇思远凤兰玉梅秀英晓燕桂芳"
STREETS = ("人民路", "中华路", "长江路", "黄河路", "八一街", "青年路", "和平路", "曹州路")
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
EARLIEST = datetime.date(1995, 1, 1)
SCATTER = 1_000_003  # a prime: neighbouring numbers give names far apart


class Row(NamedTuple):
    """One association in the order of HEADINGS."""

    name: str
    credit_code: str
    registration_type: str
    level: str
    registration_authority: str
    industry_department: str
    registered_on: datetime.date
    legal_representative: str
    phone: str
    address: str
    staff_full_time: int
    staff_part_time: int
    staff_total: int
    party_members: int
    unit_members: int
    individual_members: int
    remark: str


class Roster:
    """The association of each number below 720,000; names and credit codes occur once."""

    def __init__(self) -> None:
        divisions = _reference("divisions.csv")
        self.places = [d for d in divisions if d["kind"] in ("city", "county", "district")]
        departments = _reference("departments.csv")
        self.departments = [d["name"] for d in departments if d["assessed"] == "1"]
        self.authorities = {
            d["division"]: d["name"] for d in departments if d["code"].endswith("spj")
        }

    def rows(self, count: int) -> Iterator[Row]:
        """The associations 0 to `count` - 1."""
        return map(self.row, range(count))

    def row(self, number: int) -> Row:
        rng = Random(number)
        place, name = self._named(number)
        full_time, part_time = rng.randrange(1, 12), rng.randrange(6)
        return Row(
            name=name,
            credit_code=credit_code(place["code"], number),
            registration_type=rng.choice(TYPES),
            level="市级" if place["kind"] == "city" else "县级",
            registration_authority=self.authorities[place["code"]],
            industry_department=rng.choice(self.departments),
            registered_on=EARLIEST + datetime.timedelta(rng.randrange(11_000)),
            legal_representative=person(rng),
            phone=f"1990000{rng.randrange(10_000):04d}",
            address=f"{place['name']}{rng.choice(STREETS)}{rng.randrange(1, 999)}号",
            staff_full_time=full_time,
            staff_part_time=part_time,
            staff_total=full_time + part_time,
            party_members=rng.randrange(min(full_time + part_time, 7) + 1),
            unit_members=rng.randrange(10, 300),
            individual_members=rng.randrange(200),
            remark=rng.choice(("", "", "", "换届筹备中", "办公场所变更")),
        )

    def _named(self, number: int) -> tuple[dict[str, str], str]:
        words = (self.places, QUALITIES, PRODUCTS, ACTIVITIES, SUFFIXES)
        total = len(self.places) * 20 * 60 * 20 * 3
        rest, chosen = number * SCATTER % total, []
        for choices in words:
            rest, place = divmod(rest, len(choices))
            chosen.append(choices[place])
        place, *parts = chosen
        return place, place["name"] + "".join(parts)


def credit_code(division: str, number: int) -> str:
    """A valid code of a social association (GB 32100-2015); `number` below 10^8."""
    digits = f"{number:08d}"
    total = sum(int(d) * w for d, w in zip(digits, ORGANISATION_WEIGHTS, strict=True))
    body = f"51{division}{digits}{'0123456789X'[-total % 11]}"
    return body + uscc.calc_check_digit(body)


def person(rng: Random) -> str:
    """A made-up person's name."""
    return rng.choice(SURNAMES) + rng.choice(GIVEN) + rng.choice(GIVEN)


def write_roster(path: Path, count: int) -> Path:
    """Write `count` associations to `path` as a workbook of one sheet."""
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet("行业协会商会基本情况")
    sheet.append(HEADINGS)
    for row in Roster().rows(count):
        sheet.append(row)
    workbook.save(path)
    return path


def _reference(name: str) -> list[dict[str, str]]:
    with (Path(settings.REFERENCE_DIR) / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
