"""Forms of the rows that belong to an association: leadership terms, inspections, ratings, entries
on lists, dormancies and documents."""

import datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Min
from django.utils import timezone
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
from registers.editing import EditForm
from registers.once import OnceMixin

Term = tuple[datetime.date, datetime.date | None]  # from, until
MOST_TERMS = 2  # domain.md, Registry


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
            "valid_until": gettext_lazy("Blank while the term lasts. At most five years."),
        }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, latest = cleaned.get("valid_from"), years_after(timezone.localdate(), 1)
        if since and since > latest:
            self.add_error("valid_from", _("A term is recorded a year ahead at most."))
        return cleaned

    def advice(self) -> dict[str, str]:
        values = self.cleaned_data
        name, post, since = values.get("name"), values.get("post"), values.get("valid_from")
        until = values.get("valid_until")
        found = {}
        if since and until and until > months_after(since, 12 * LEADERSHIP_YEARS):
            found["valid_until"] = _("A term lasts at most five years; check the dates.")
        if name and self._holds_another_post(name, post):
            found["name"] = _("President and secretary-general must be two people.")
        elif name and post and since and self._running(name, post, (since, until)) > MOST_TERMS:
            text = _("This would be the third term; at most two may follow each other.")
            found["name"] = found["valid_from"] = text  # whichever is left last
        return found

    def _holds_another_post(self, name: str, post: Any) -> bool:
        """Whether the person is president now and to be secretary-general, or the reverse."""
        single = {LeadershipTerm.Post.PRESIDENT, LeadershipTerm.Post.SECRETARY_GENERAL}
        others = self._others().filter(name=name, post__in=single - {post}, valid_until=None)
        return post in single and others.exists()

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
