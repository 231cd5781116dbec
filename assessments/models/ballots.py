"""Ballots at the on-site review 现场述职评议: anonymous sheets, opened by one-time codes.

No row ties a sheet to the code that opened it, to a person, a time or a network address: a code is
kept as a digest and deleted with its use, a sheet has a random key and no time, neither table keeps
a history, and the page reads and saves no session (docs/decisions/anonymous-ballots.md).
"""

from uuid import uuid4

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessments.models.cycles import Cycle
from assessments.models.indicators import Participant
from assessments.models.published import only_while
from assessments.querysets.ballots import BallotRatingQuerySet
from registers.history import NO_TRUNCATE, append_only, tracked

ROWS = (
    pgettext_lazy("ballot", "Overall rating"),
    pgettext_lazy("ballot", "Knowledge of grass-roots Party building"),
    pgettext_lazy("ballot", "Fulfilment of the responsibility for it"),
    pgettext_lazy("ballot", "Progress and effect of key tasks"),
    pgettext_lazy("ballot", "Problems found in oneself"),
    pgettext_lazy("ballot", "Ideas and measures for the next step"),
)
"""The six rows of the sheet (domain.md, Assessments [S]), each marked 4 (good) to 1 (poor)."""


CLOSED_STAYS = pgtrigger.Trigger(
    name="closed_stays",
    operation=pgtrigger.Update | pgtrigger.Delete,
    when=pgtrigger.Before,
    condition=pgtrigger.Q(old__state="closed"),
    func="RAISE check_violation USING MESSAGE = 'a closed ballot stays closed';",
)


NOT_CLOSED = pgtrigger.Trigger(
    name="not_closed",
    operation=pgtrigger.Insert | pgtrigger.Update,
    when=pgtrigger.Before,
    func="""
        PERFORM FROM assessments_ballot
            WHERE id = NEW.ballot_id AND state <> 'closed' FOR SHARE;
        IF NOT FOUND THEN
            RAISE check_violation USING MESSAGE = 'the ballot is closed';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(only_while("preparing", "open", cycle="touched.cycle_id"), CLOSED_STAYS)
@tracked()
class Ballot(models.Model):
    """The ballot of a cycle: prepared, open, closed; no results before it is closed."""

    class State(models.TextChoices):
        PREPARED = "prepared", pgettext_lazy("ballot", "Prepared")
        OPEN = "open", pgettext_lazy("ballot", "Open")
        CLOSED = "closed", pgettext_lazy("ballot", "Closed")

    cycle = models.OneToOneField(Cycle, models.PROTECT, related_name="ballot")
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.PREPARED)
    codes_made = models.PositiveIntegerField(_("codes printed"), default=0)

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["prepared", "open", "closed"]),
                name="ballot_state_known",
                violation_error_message=_("There is no such state."),
            ),
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state="open"),
                name="ballot_one_open",
                violation_error_message=_("Another ballot is open; close it first."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cycle} · {self.get_state_display()}"


@pgtrigger.register(NOT_CLOSED, NO_TRUNCATE)
class BallotCode(models.Model):
    """A code that has not been used. digest: of the code, which nobody keeps."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="codes")
    digest = models.CharField(max_length=64, unique=True)

    class Meta:
        verbose_name = _("ballot code")
        verbose_name_plural = _("ballot codes")

    def __str__(self) -> str:
        return f"{self.ballot}"


def _while_open(ballot: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name="while_open",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func=f"""
            PERFORM FROM assessments_ballot WHERE id = ({ballot}) AND state = 'open' FOR SHARE;
            IF NOT FOUND THEN
                RAISE check_violation USING MESSAGE = 'the ballot is not open';
            END IF;
            RETURN NEW;
        """,
    )


ALL_SUBJECTS = pgtrigger.Trigger(
    name="all_subjects",
    operation=pgtrigger.Insert,
    when=pgtrigger.After,
    timing=pgtrigger.Deferred,
    func="""
        IF EXISTS (
            SELECT FROM assessments_ballot b
            JOIN assessments_participant p ON p.cycle_id = b.cycle_id
            WHERE b.id = NEW.ballot_id AND p.withdrawn_on IS NULL AND NOT EXISTS (
                SELECT FROM assessments_ballotrating r
                WHERE r.sheet_id = NEW.id AND r.participant_id = p.id
            )
        ) THEN
            RAISE check_violation USING MESSAGE = 'a sheet rates all subjects or none';
        END IF;
        RETURN NEW;
    """,
)


@pgtrigger.register(_while_open("NEW.ballot_id"), ALL_SUBJECTS, NO_TRUNCATE)
@append_only
class BallotSheet(models.Model):
    """One sheet, with a rating of every subject."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    ballot = models.ForeignKey(Ballot, models.PROTECT, related_name="sheets")

    class Meta:
        verbose_name = _("ballot sheet")
        verbose_name_plural = _("ballot sheets")

    def __str__(self) -> str:
        return f"{self.ballot}"


@pgtrigger.register(
    _while_open("SELECT ballot_id FROM assessments_ballotsheet WHERE id = NEW.sheet_id"),
    NO_TRUNCATE,
)
@append_only
class BallotRating(models.Model):
    """How one sheet rates one subject. marks: of ROWS in their order, 4 to 1"""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    sheet = models.ForeignKey(BallotSheet, models.PROTECT, related_name="ratings")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    marks = ArrayField(models.PositiveSmallIntegerField(), size=len(ROWS))

    objects = BallotRatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot rating")
        verbose_name_plural = _("ballot ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "participant"], name="ballot_rating_once_per_sheet"
            ),
            models.CheckConstraint(
                condition=Q(marks__len=len(ROWS), marks__contained_by=[1, 2, 3, 4]),
                name="ballot_rating_six_marks",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant}"
