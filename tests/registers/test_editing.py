"""Forms with a version: what two people change at once is shown or kept, never overwritten."""

import datetime

import pghistory
import pytest
from django import forms
from django.http import QueryDict
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.models import Association
from registers.editing import EditForm, version_of
from tests.factories.accounts import UserFactory
from tests.factories.organizations import AssociationFactory, DepartmentFactory

pytestmark = pytest.mark.django_db
FIELDS = ["phone", "address", "party_members", "industry_department", "registered_on"]


class Form(EditForm):
    register_key = "associations"
    grouped = (("", FIELDS),)

    class Meta:
        model = Association
        fields = FIELDS


def opened(association) -> dict[str, str]:
    """What a browser sends back of an untouched form."""
    form = Form(instance=Association.objects.get(pk=association.pk))
    values = {name: form[name].value() for name in (*FIELDS, "version")}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def sent(association, data: dict[str, str]) -> Form:
    query = QueryDict(mutable=True)
    query.update(data)
    return Form(query, instance=Association.objects.get(pk=association.pk))


def meanwhile(association, **values) -> None:
    with pghistory.context(user=UserFactory(full_name="王同事").pk):
        Association.objects.filter(pk=association.pk).update(**values)


def test_a_field_that_only_another_person_changed_stays_as_they_saved_it():
    association = AssociationFactory(phone="0530-1111111", address="旧址")
    data = opened(association)
    meanwhile(association, address="新址")
    form = sent(association, data | {"phone": "0530-2222222"})
    assert form.is_valid(), form.errors
    form.save()
    association.refresh_from_db()
    assert (association.phone, association.address) == ("0530-2222222", "新址")
    assert form.merged == ["住所"]


def test_what_both_changed_is_shown_side_by_side_and_not_saved():
    association = AssociationFactory(phone="0530-1111111")
    data = opened(association)
    meanwhile(association, phone="0530-2222222")
    form = sent(association, data | {"phone": "0530-3333333"})
    assert not form.is_valid()
    [conflict] = form.conflicts
    assert (conflict.before, conflict.theirs, conflict.mine) == (
        "0530-1111111", "0530-2222222", "0530-3333333",
    )  # fmt: skip
    assert conflict.who == "王同事"
    assert conflict.at is not None


def answered(shown: Form) -> dict[str, str]:
    """What a browser sends back of a form that shows a conflict of phones, nothing chosen yet."""
    values = {name: shown[name].value() for name in (*FIELDS, "version")}
    sides = {"seen": str(shown.current), "asked": "phone"}
    return {name: str(value or "") for name, value in values.items()} | sides


@pytest.fixture
def clashing() -> Form:
    """The form of a person who typed another phone than somebody else saved meanwhile."""
    association = AssociationFactory(phone="0530-1111111", address="旧址")
    data = opened(association)
    meanwhile(association, phone="0530-2222222", address="新址")
    form = sent(association, data | {"phone": "0530-3333333"})
    assert not form.is_valid()
    return form


@pytest.mark.parametrize(("side", "phone"), [("mine", "0530-3333333"), ("theirs", "0530-2222222")])
def test_the_side_that_was_chosen_is_saved(clashing, side, phone):
    association = clashing.instance
    form = sent(association, answered(clashing) | {"keep-phone": side})
    assert form.is_valid(), form.errors
    form.save()
    association.refresh_from_db()
    assert (association.phone, association.address) == (phone, "新址")


def test_without_a_choice_both_sides_are_shown_again(clashing):
    form = sent(clashing.instance, answered(clashing))
    assert not form.is_valid()
    assert form.conflicts == clashing.conflicts


def test_what_could_not_be_compared_is_asked_about_once_it_can_be(clashing):
    """A value that was wrong beside a conflict has not been held against the other person's."""
    Association.objects.filter(pk=clashing.instance.pk).update(party_members=11)
    first = sent(clashing.instance, clashing.data.dict() | {"party_members": "-5"})
    assert not first.is_valid()
    [unseen] = first.unseen
    answer = {"unseen": unseen, "keep-phone": "mine", "party_members": "9"}
    second = sent(clashing.instance, answered(first) | answer)
    assert not second.is_valid()
    assert [(each.name, each.theirs) for each in second.conflicts] == [("party_members", "11")]


def test_what_else_is_wrong_is_said_beside_a_conflict(clashing):
    assert not clashing.is_wrong
    form = sent(clashing.instance, answered(clashing) | {"party_members": "x"})
    assert not form.is_valid()
    assert (bool(form.conflicts), form.is_wrong) == (True, True)


def test_a_choice_between_values_that_have_changed_since_is_asked_again(clashing):
    meanwhile(clashing.instance, phone="0530-4444444")
    form = sent(clashing.instance, answered(clashing) | {"keep-phone": "mine"})
    assert not form.is_valid()
    assert [conflict.theirs for conflict in form.conflicts] == ["0530-4444444"]


def test_what_others_saved_can_be_taken_back_once_it_was_shown(clashing):
    again = answered(clashing) | {"keep-phone": "mine", "address": "旧址"}
    form = sent(clashing.instance, again)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["address"] == "旧址"


@pytest.mark.parametrize("version", ["", "0", "999999999999", "x"])
def test_a_version_that_nobody_knows_overwrites_nothing(version):
    association = AssociationFactory(phone="0530-1111111")
    form = sent(association, opened(association) | {"version": version, "phone": "0530-3333333"})
    assert not form.is_valid()
    association.refresh_from_db()
    assert association.phone == "0530-1111111"


def test_the_version_of_another_record_overwrites_nothing():
    association, other = AssociationFactory(phone="0530-1111111"), AssociationFactory()
    data = opened(association) | {"version": str(version_of(other)), "phone": "0530-3333333"}
    form = sent(association, data)
    assert not form.is_valid()
    assert [conflict.name for conflict in form.conflicts] == ["phone"]


def test_a_related_row_is_named_in_a_conflict():
    association = AssociationFactory()
    theirs, mine = DepartmentFactory(), DepartmentFactory()
    data = opened(association)
    meanwhile(association, industry_department=theirs)
    form = sent(association, data | {"industry_department": str(mine.pk)})
    assert not form.is_valid()
    [conflict] = form.conflicts
    assert (conflict.theirs, conflict.mine) == (theirs.short_name, mine.short_name)


def test_text_is_cleaned_as_in_a_workbook():
    association = AssociationFactory()
    form = sent(association, opened(association) | {"phone": "０５３０－１１１１１１１"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["phone"] == "0530-1111111"


@pytest.mark.parametrize("text", ["2021年3月1日", "2021.3.1", "20210301", "2021-03-01"])
def test_a_day_may_be_written_as_offices_do(text):
    association = AssociationFactory()
    form = sent(association, opened(association) | {"registered_on": text})
    assert form.is_valid(), form.errors
    assert form.cleaned_data["registered_on"] == datetime.date(2021, 3, 1)


def test_half_a_date_is_refused_with_what_is_missing():
    association = AssociationFactory()
    form = sent(association, opened(association) | {"registered_on": "2021年3月"})
    assert form.errors["registered_on"] == ["请填写完整日期（年、月、日）。"]


def test_labels_and_help_come_from_the_register():
    form = Form(instance=AssociationFactory())
    assert form["party_members"].label == "正式党员数"
    assert "三人" in form["party_members"].help_text or "3" in form["party_members"].help_text


VALUES = st.lists(st.sampled_from(["", "0530-1111111", "0530-2222222"]), min_size=3, max_size=3)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(phones=VALUES, addresses=VALUES)
def test_no_change_of_another_person_is_ever_lost_unseen(phones, addresses):
    """Whatever was, is and is typed: the save keeps theirs, or is mine alone, or is refused."""
    columns = {"phone": phones, "address": addresses}
    association = AssociationFactory(**{name: was for name, (was, _, _) in columns.items()})
    data = opened(association)
    meanwhile(association, **{name: theirs for name, (_, theirs, _) in columns.items()})
    form = sent(association, data | {name: mine for name, (_, _, mine) in columns.items()})
    clashing = {n for n, (was, now, mine) in columns.items() if len({was, now, mine}) == 3}
    clashing |= {
        n for n, (was, now, mine) in columns.items() if was != now and mine not in (was, now)
    }
    assert form.is_valid() == (not clashing)
    assert {conflict.name for conflict in form.conflicts} == clashing
    if form.is_valid():
        for name, (was, theirs, mine) in columns.items():
            assert form.cleaned_data[name] == (theirs if mine == was else mine)


def test_a_tick_that_another_person_has_set_survives_the_reopened_form():
    class Ticked(EditForm):
        class Meta:
            model = Association
            fields = ["phone", "charter_has_party_building"]
            widgets = {"charter_has_party_building": forms.CheckboxInput}

    association = AssociationFactory(phone="0530-1111111", charter_has_party_building=False)
    version = str(version_of(association))
    meanwhile(association, phone="0530-2222222", charter_has_party_building=True)
    query = QueryDict(mutable=True)
    query.update({"phone": "0530-3333333", "version": version})
    form = Ticked(query, instance=Association.objects.get(pk=association.pk))
    assert not form.is_valid()
    assert form["charter_has_party_building"].value() is True
