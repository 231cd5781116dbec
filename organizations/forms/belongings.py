"""Forms of the rows that belong to an association: leadership terms, inspections, ratings, entries
on lists, dormancies and documents."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from organizations.models import (
    AbnormalListing,
    Document,
    Dormancy,
    Inspection,
    LeadershipTerm,
    Rating,
)
from organizations.querysets.associations import LEADERSHIP_YEARS
from organizations.terms import MOST_YEARS_OFF, months_after, years_after
from registers.attachments import ACCEPTED, check_attachment
from registers.day_field import DayField
from registers.editing import EditForm, Group
from registers.once import OnceMixin

Term = tuple[datetime.date, datetime.date | None]  # from, until
MOST_TERMS = 2  # domain.md, Registry
Post = LeadershipTerm.Post
OTHER_UNTIL = "other_until"
HELD_BY_ONE = {Post.PRESIDENT, Post.SECRETARY_GENERAL}  # and by two different people


class BelongingForm(OnceMixin, EditForm):
    """A row of one association. Labels begin as sentences do."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self._own_fields():
            field = self.fields[name]
            field.label = capfirst(str(field.label))


class LeadershipTermForm(BelongingForm):
    """One person's term. Rules: at most five years, at most two running (domain.md, Registry)."""

    grouped = (("", ("post", "name", "valid_from", "valid_until")),)
    checked = ("name", "valid_from", "valid_until")

    class Meta:
        model = LeadershipTerm
        fields = ("post", "name", "valid_from", "valid_until")
        help_texts: ClassVar[dict[str, Any]] = {
            "name": gettext_lazy(
                "Whoever nominates a candidate checks the age limit of 70; ages are not kept here."
            ),
            "valid_until": gettext_lazy("Blank while the term lasts. At most five years."),
        }

    def clean(self) -> dict[str, Any]:
        """Refuse what the rules refuse, at the field where it shows."""
        cleaned = super().clean()
        since, until = cleaned.get("valid_from"), cleaned.get("valid_until")
        if since and until and until > months_after(since, 12 * LEADERSHIP_YEARS):
            latest = months_after(since, 12 * LEADERSHIP_YEARS)
            text = _("A term lasts at most five years: until %(day)s at the latest.")
            self.add_error("valid_until", text % {"day": date_format(latest)})
        if since and since > years_after(timezone.localdate(), 1):
            self.add_error("valid_from", _("A term is recorded a year ahead at most."))
        post, name = cleaned.get("post"), cleaned.get("name")
        if since and post in HELD_BY_ONE:
            self._refuse_second(post, name, self._at_once(since, until))
        return cleaned

    def _refuse_second(self, post: str, name: str | None, at_once: Any) -> None:
        """One person at a time is president, another one secretary-general. Who goes on in the
        same post is no second person, though the earlier term has been left open."""
        other = at_once.filter(post=post).exclude(name=name).first()
        if other:
            text = _(
                "%(name)s is %(post)s since %(since)s, and there cannot be two at once. End that "
                "term first, or correct the dates."
            )
            said = {"name": other.name, "post": other.get_post_display()}
            self.add_error("post", text % (said | {"since": date_format(other.valid_from)}))
        if name and at_once.filter(name=name, post__in=HELD_BY_ONE - {post}).exists():
            self.add_error("name", _("President and secretary-general must be two people."))

    def advice(self) -> dict[str, str]:
        values = self.cleaned_data
        name, post, since = values.get("name"), values.get("post"), values.get("valid_from")
        if not name or not post:
            return {}
        if since and (other := self._other_post(name, post, since, values.get("valid_until"))):
            text = _("%(name)s is %(post)s at that time as well; check whether both are meant.")
            return {"name": text % {"name": name, "post": other.get_post_display()}}
        until = values.get("valid_until")
        if since and self._running(name, post, (since, until)) > MOST_TERMS:
            text = _("This would be the third term; at most two may follow each other.")
            return {"name": text, "valid_from": text}  # whichever is left last
        return {}

    def _other_post(
        self, name: str, post: str, since: datetime.date, until: datetime.date | None
    ) -> LeadershipTerm | None:
        """A term of the same person in another post at the same time."""
        others = self._at_once(since, until).filter(name=name).exclude(post=post)
        found: LeadershipTerm | None = others.first()
        return found

    def _at_once(self, since: datetime.date, until: datetime.date | None) -> Any:
        """The association's other terms that share a day with one from `since` until `until`."""
        begun = Q(valid_from__lt=until) if until else Q()
        return self._others().filter(begun, Q(valid_until=None) | Q(valid_until__gt=since))

    def _running(self, name: str, post: str, this: Term) -> int:
        """How many of the person's terms in the post follow each other, `this` among them."""
        others = self._others().filter(name=name, post=post)
        terms = [*others.values_list("valid_from", "valid_until"), this]
        run: list[Term] = []
        for term in sorted(terms, key=lambda term: term[0]):
            if run and not _follows(run[-1], term):
                if this in run:
                    break
                run = []
            run.append(term)
        return len(run)

    def _others(self) -> Any:
        terms = LeadershipTerm.objects.filter(association=self.instance.association_id)
        return terms.exclude(pk=self.instance.pk)


class NewLeadershipTermForm(LeadershipTermForm):
    """A new term. Where somebody's term in the post has not ended by then, its end is asked for and
    saved along: recording a successor is one act."""

    other_until = DayField(label="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.other = self._open_term() if self.is_bound else None
        self.asked = OTHER_UNTIL in self.data
        if self.other is None:
            del self.fields[OTHER_UNTIL]
            return
        text = _("Term of %(name)s, %(post)s before, until")
        named = {"name": self.other.name, "post": self.other.get_post_display()}
        field = self.fields[OTHER_UNTIL]
        field.label = text % named
        text = _("In office since %(since)s. As a rule until the day on which the new term begins.")
        field.help_text = text % {"since": date_format(self.other.valid_from)}
        if not self.asked:
            data: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict
            data[OTHER_UNTIL] = data.get("valid_from", "")
            self.data = data

    @property
    def groups(self) -> list[Group]:
        [own] = super().groups
        asked = [self[OTHER_UNTIL]] if self.other else []
        return [Group(own.title, [*own.fields, *asked])]

    def _open_term(self) -> LeadershipTerm | None:
        """The term in the post that began before the new one and has not ended by then."""
        post = self.data.get("post")
        try:
            since = self.fields["valid_from"].clean(self.data.get("valid_from"))
            until = self.fields["valid_until"].clean(self.data.get("valid_until"))
        except ValidationError:
            return None
        if post not in HELD_BY_ONE:
            return None
        # Who goes on in the post may leave an end that stands; only one term may be without.
        others = Q(valid_until=None) | ~Q(name=self.data.get("name", "").strip())
        rows = super()._at_once(since, until).filter(others, post=post, valid_from__lt=since)
        found: LeadershipTerm | None = rows.first()
        return found

    def _at_once(self, since: datetime.date, until: datetime.date | None) -> Any:
        """Those at once, without the one that ends with this form."""
        others = super()._at_once(since, until)
        return others.exclude(pk=self.other.pk) if self.other else others

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.other is None or self.has_error(OTHER_UNTIL):
            return cleaned
        since, until = cleaned.get("valid_from"), cleaned[OTHER_UNTIL]
        if not self.asked:
            text = _("It has not ended by then. Check the day and save once more: both are saved.")
            self.add_error(OTHER_UNTIL, text)
        elif until <= self.other.valid_from:
            self.add_error(OTHER_UNTIL, _("The term must end after it begins."))
        elif since and until > since:
            text = _("It must end by the day on which the new term begins.")
            self.add_error(OTHER_UNTIL, text)
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """One open term to a post holds once the other has ended: then the database is asked."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"post"} if self.other else excluded

    def save(self, commit: bool = True) -> Any:
        """Within the caller's transaction; ValidationError where the other term has changed since
        it was read."""
        if self.other is not None:
            rows = LeadershipTerm.objects.select_for_update(no_key=True)
            other = rows.filter(pk=self.other.pk, valid_until=self.other.valid_until).first()
            if other is None:
                raise ValidationError(_("Somebody else has changed that term; look once more."))
            other.valid_until = self.cleaned_data[OTHER_UNTIL]
            other.full_clean()
            other.save()
        return super().save(commit)


def _follows(term: Term, later: Term) -> bool:
    """Whether the later term follows upon the other; an election may be late by a year."""
    ended, began = term[1], later[0]
    return ended is None or began <= years_after(ended, MOST_YEARS_OFF)


class InspectionForm(BelongingForm):
    """A year's result. The regime follows from it, so nobody is asked for it."""

    grouped = (("", ("year", "result")),)

    class Meta:
        model = Inspection
        fields = ("year", "result")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.localdate().year
        self.fields["year"] = forms.TypedChoiceField(
            label=self.fields["year"].label,
            choices=[(year, str(year)) for year in range(this_year, this_year - 15, -1)],
            coerce=int,
        )
        self.initial["year"] = self.instance.year or this_year - 1

    def _post_clean(self) -> None:
        """The constraints need the regime, so it stands before they are asked."""
        self.instance.regime = Inspection.regime_of(self.cleaned_data.get("result"))
        super()._post_clean()  # type: ignore[misc]


class RatingForm(BelongingForm):
    """A grade; valid five years unless another day is given (domain.md, Registry)."""

    grouped = (("", ("grade", "valid_from", "valid_until")),)

    class Meta:
        model = Rating
        fields = ("grade", "valid_from", "valid_until")
        help_texts: ClassVar[dict[str, Any]] = {
            "valid_until": gettext_lazy("Blank: five years after the beginning."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        begins = cleaned.get("valid_from")
        if begins and not cleaned.get("valid_until"):
            others = Rating.objects.filter(association=self.instance.association_id)
            later = others.exclude(pk=self.instance.pk).filter(valid_from__gt=begins)
            following = later.aggregate(first=Min("valid_from"))["first"]
            cleaned["valid_until"] = Rating.end(begins, following)
        return cleaned


class AbnormalListingForm(BelongingForm):
    grouped = (("", ("list", "entered_on", "entry_reason", "removed_on", "removal_reason")),)

    class Meta:
        model = AbnormalListing
        fields = ("list", "entered_on", "entry_reason", "removed_on", "removal_reason")


class DormancyForm(BelongingForm):
    past = ("found_on",)
    grouped = (("", ("reason", "found_on", "disposal", "ended_on")),)

    class Meta:
        model = Dormancy
        fields = ("reason", "found_on", "disposal", "ended_on")


class DocumentForm(BelongingForm):
    """What a file is; the file itself is given once, with the first form."""

    past = ("issued_on",)

    grouped = (("", ["kind", "title", "issued_on"]),)

    class Meta:
        model = Document
        fields: ClassVar[list[str]] = ["kind", "title", "issued_on"]


class NewDocumentForm(DocumentForm):
    grouped = (("", ["kind", "title", "issued_on", "file"]),)

    class Meta(DocumentForm.Meta):
        fields: ClassVar[list[str]] = [*DocumentForm.Meta.fields, "file"]
        widgets: ClassVar[dict[str, Any]] = {"file": forms.FileInput(attrs={"accept": ACCEPTED})}

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        check_attachment(upload)
        self.instance.file_name = upload.name[-200:]
        return upload
