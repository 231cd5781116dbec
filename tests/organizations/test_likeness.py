"""Names taken apart, and how likely two entries are one."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.likeness.names import Names
from organizations.likeness.pairs import entries, entry_of, likely_matches, likely_pairs
from organizations.likeness.scoring import Entry, Evidence, likeness
from organizations.models import Association
from tests.factories.organizations import AssociationFactory, credit_code

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

PLACES = ["山东省", "菏泽市", "菏泽", "曹县", "单县", "牡丹区", "牡丹", "庄寨镇", "东城街道"]
TRADES = ["木业", "光伏", "电商直播", "第一", "行业", "产业", "ABC", "１２", "·", "、"]
ENDINGS = ["协会", "商会", "联合会", "公会", "工会", "学会", "研究会", "促进会", "（筹）", "筹备"]
PARTS = st.sampled_from(PLACES + TRADES + ENDINGS)
NAMES = st.lists(PARTS, max_size=7).map("".join) | st.text(max_size=12)
EVERY = settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
STRANGE = st.sampled_from([" ", "\u3000", "\u200b", "·", "（", "）"])


@pytest.fixture
def names() -> Names:
    return Names()


@EVERY
@given(name=NAMES)
def test_the_core_of_a_core_is_the_core(names, name) -> None:
    core = names.apart(name).core
    assert names.apart(core).core == core


@EVERY
@given(name=st.lists(PARTS, max_size=7), strange=STRANGE)
def test_spaces_and_punctuation_change_nothing(names, name, strange) -> None:
    assert names.apart(strange.join(name)) == names.apart("".join(name))


@pytest.mark.parametrize(
    "name",
    [
        "曹县木业商会",
        "菏泽市曹县木业协会",
        "山东省菏泽市曹县 木业行业协会（筹）",
        "曹县木业同业公会",
        "曹县木业工会",
    ],
)
def test_these_are_the_wood_industry_of_caoxian(names, name) -> None:
    apart, plain = names.apart(name), names.apart("曹县木业协会")
    assert (apart.core, apart.place) == ("木业", plain.place)


def test_a_plant_is_no_place(names) -> None:
    assert names.apart("菏泽市牡丹协会").core == "牡丹"


def test_a_society_is_no_association(names) -> None:
    assert names.apart("曹县木业学会").core != names.apart("曹县木业协会").core


def test_a_street_that_two_counties_have_is_a_place_only_behind_its_county(names) -> None:
    assert names.apart("牡丹区东城街道商会").place != names.apart("单县东城街道商会").place
    assert names.apart("东城街道商会").place is None


@st.composite
def some_entries(draw) -> Entry:
    codes = ["", credit_code(1), credit_code(2), credit_code(1, division="371721")]
    return {
        "name": draw(NAMES),
        "credit_code": draw(st.sampled_from(codes)),
        "legal_representative": draw(st.sampled_from(["", "张三", "李四"])),
        "phone": draw(st.sampled_from(["", "19900000001", "19900000002"])),
    }


@EVERY
@given(one=some_entries(), other=some_entries())
def test_likeness_is_mutual_and_between_0_and_100(names, one, other) -> None:
    one, other = entry_of(one, names), entry_of(other, names)
    found = likeness(one, other)
    assert found == likeness(other, one)
    assert 0 <= found.score <= 100


def found(names: Names) -> list[list[Evidence]]:
    pairs = likely_pairs(entries(Association.objects.all(), names))
    return [list(pair.likeness.evidence) for pair in pairs]


def associations(first: str, second: str, **of_second) -> None:
    AssociationFactory(name=first, legal_representative="张三", phone="19900000001")
    AssociationFactory(name=second, **of_second)


@pytest.mark.parametrize(
    ("second", "evidence"),
    [
        ("菏泽市木业 协会", Evidence.WRITING),
        ("菏泽市木业协会（筹）", Evidence.PREPARATION),
        ("山东省菏泽市木业协会", Evidence.PLACE),
        ("菏泽市木业商会", Evidence.ENDING),
    ],
)
def test_a_name_that_differs_in_form_makes_a_pair_where_a_code_is_missing(
    names, second, evidence
) -> None:
    associations("菏泽市木业协会", second, credit_code="")
    assert found(names) == [[evidence, Evidence.NO_CODE]]


def test_two_codes_speak_for_two_associations(names) -> None:
    associations("菏泽市木业协会", "菏泽市木业商会")
    assert found(names) == []


def test_one_organisation_code_in_two_credit_codes_makes_a_pair(names) -> None:
    associations("菏泽市木业协会", "菏泽市家具协会")
    Association.objects.filter(name="菏泽市木业协会").update(credit_code=credit_code(7))
    second = credit_code(7, division="371721")
    Association.objects.filter(name="菏泽市家具协会").update(credit_code=second)
    assert found(names) == [[Evidence.BODY]]


def test_a_slip_in_a_name_is_found_by_its_people(names) -> None:
    people = {"legal_representative": "张三", "phone": "19900000001"}
    associations("菏泽市电商直播协会", "菏泽市电商主播协会", credit_code="", **people)
    assert found(names) == [[Evidence.PEOPLE, Evidence.NO_CODE, Evidence.ALIKE]]


def test_the_same_trade_of_city_and_county_is_no_pair(names) -> None:
    associations("菏泽市木业协会", "曹县木业协会", credit_code="")
    assert found(names) == []


def test_chambers_of_one_township_are_a_pair_and_of_two_are_not(names) -> None:
    AssociationFactory(name="庄寨镇商会")
    AssociationFactory(name="曹县庄寨镇商会", credit_code="")
    AssociationFactory(name="普连集镇商会", credit_code="")
    assert found(names) == [[Evidence.PLACE, Evidence.NO_CODE]]


def test_pairs_are_counted_without_comparing_everything(names, django_assert_num_queries) -> None:
    AssociationFactory.create_batch(3)
    with django_assert_num_queries(1):
        entries(Association.objects.all(), names)


def test_a_row_of_a_roster_is_matched_the_likeliest_first(names) -> None:
    perhaps = AssociationFactory(name="菏泽市木业商会")
    surely = AssociationFactory(name="山东省菏泽市木业协会")
    row = entry_of({"name": "菏泽市木业协会"}, names)
    ((first, _likely), (second, _perhaps)) = likely_matches(
        [row], entries(Association.objects.all(), names), 3
    )[0]
    assert (first, second) == (surely.pk, perhaps.pk)
