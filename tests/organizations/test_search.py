import pytest
from django.urls import reverse

from accounts.roles import Role
from organizations.models import Association
from organizations.search.matching import relevance
from organizations.search.pinyin import spell, spell_person
from tests.factories.accounts import StaffFactory
from tests.factories.organizations import AssociationFactory, FormerNameFactory, InstructorFactory

pytestmark = pytest.mark.django_db

WOOD, LOGISTICS, PEONY = "菏泽市林产工业协会", "曹县物流协会", "菏泽市牡丹产业商会"


@pytest.fixture
def _registry():
    AssociationFactory(name=WOOD, credit_code="51371700100000008D")
    AssociationFactory(name=LOGISTICS)
    AssociationFactory(name=PEONY)


def found(text):
    return {a.name for a in Association.objects.search(text)}


@pytest.mark.parametrize(
    "text",
    [
        WOOD, "林产工业", "林", "linchan", "linchangongye", "lcgy", "LCGY", "51371700100000008D",
        "51371700100000008d", "0008d", "林产 协会", "协会　林产", "ｌｃｇｙ",
    ],
)  # fmt: skip
@pytest.mark.usefixtures("_registry")
def test_association_is_found_by(text):
    assert found(text) == {WOOD}


@pytest.mark.usefixtures("_registry")
def test_every_word_must_occur():
    assert found("林产 商会") == set()


@pytest.mark.parametrize("between", ["\n", "\r\n", "、", "；", "，"])
@pytest.mark.usefixtures("_registry")
def test_pasted_names_are_all_found(between):
    assert found(f"{WOOD}{between}{LOGISTICS}") == {WOOD, LOGISTICS}


@pytest.mark.parametrize("text", ["%", "_", "%%", "林%业", "林_工业", "\\"])
@pytest.mark.usefixtures("_registry")
def test_wildcards_are_plain_characters(text):
    assert found(text) == set()


def test_wildcard_in_a_name_is_found():
    AssociationFactory(name="百分之百100%协会")
    assert found("100%协") == {"百分之百100%协会"}


@pytest.mark.usefixtures("_registry")
def test_pairs_of_characters_in_another_order_are_not_enough():
    """The index alone would accept: both pairs occur, but not as one text."""
    AssociationFactory(name="工业林产工协会")
    assert found("林产工业") == {WOOD}


@pytest.mark.usefixtures("_registry")
def test_text_without_a_word_finds_everything():
    assert found(" \n ") == {WOOD, LOGISTICS, PEONY}


@pytest.mark.usefixtures("_registry")
def test_nul_character_is_harmless():
    assert found("林产\0") == {WOOD}


def meant(text):
    return {a.name for a in Association.objects.named(text)}


@pytest.mark.parametrize("text", [WOOD, f" {WOOD}\0", "51371700100000008D", "51371700100000008d"])
@pytest.mark.usefixtures("_registry")
def test_who_types_a_name_or_a_code_in_full_means_one_association(text):
    assert meant(text) == {WOOD}


@pytest.mark.parametrize("text", ["", " ", "林产", "51371700"])
@pytest.mark.usefixtures("_registry")
def test_a_part_of_a_name_means_no_association(text):
    AssociationFactory(credit_code="")
    assert meant(text) == set()


@pytest.mark.usefixtures("_registry")
def test_a_former_name_means_who_bore_it_unless_somebody_bears_it_now():
    renamed = AssociationFactory(name="菏泽市林业协会")
    FormerNameFactory(association=renamed, name="菏泽市木材协会")
    FormerNameFactory(association=renamed, name=WOOD)
    assert (meant("菏泽市木材协会"), meant(WOOD)) == ({renamed.name}, {WOOD})


def ranked(text):
    rows = Association.objects.search(text)
    return [a.name for a in rows.order_by(relevance(text), "pinyin")]


def test_whole_name_comes_before_its_beginning_before_a_part_of_a_name():
    for name in ("菏泽市物流协会", "物流协会联盟", "物流协会"):
        AssociationFactory(name=name)
    assert ranked("物流协会") == ["物流协会", "物流协会联盟", "菏泽市物流协会"]


def test_initials_come_before_letters_inside_pinyin():
    AssociationFactory(name="上网协会")  # shangwang: contains "wa" only inside its pinyin
    AssociationFactory(name="文安协会")  # initials waxh
    assert ranked("wa") == ["文安协会", "上网协会"]


def test_credit_code_comes_before_a_name_that_contains_it():
    AssociationFactory(name="51371700100000008D协会", credit_code="")
    AssociationFactory(name="林产协会", credit_code="51371700100000008D")
    assert ranked("51371700100000008d")[0] == "林产协会"


@pytest.mark.parametrize(
    ("name", "spelt"),
    [
        ("曾国强", ("zengguoqiang", "zgq")),
        ("单雄信", ("shanxiongxin", "sxx")),
        ("解晓东", ("xiexiaodong", "xxd")),
        ("仇和", ("qiuhe", "qh")),
        ("乐毅", ("yueyi", "yy")),
        ("单于浩", ("chanyuhao", "cyh")),
        ("尉迟恭", ("yuchigong", "ycg")),
        ("王解放", ("wangjiefang", "wjf")),
        ("曾", ("zeng", "z")),
        ("", ("", "")),
    ],
)
def test_surnames_have_readings_of_their_own(name, spelt):
    assert spell_person(name) == spelt


def test_other_names_are_read_as_words():
    assert spell("曾任")[0] == "cengren"


@pytest.mark.parametrize(
    "text", ["曾国强", "国强", "zeng", "guoqiang", "zgq", "ZGQ", "单强、曾国强"]
)
def test_instructor_is_found_by(client, text):
    client.force_login(StaffFactory(grant__role=Role.LEADER))
    InstructorFactory(name="曾国强")
    InstructorFactory(name="王解放")
    rows = client.get(reverse("organizations:instructor-list"), {"q": text}).context["rows"]
    assert [row.cells[0].value for row in rows] == ["曾国强"]
