"""Filters of the list of suggestions."""

from typing import Any

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from organizations.models import Suggestion
from registers.filters import ListFilter


class SuggestionFilter(ListFilter):
    """Filters of the list of suggestions: q, kind, mine and state ("": those still open)."""

    q = django_filters.CharFilter(method="by_text", label=_("Number, text or association"))
    kind = django_filters.ChoiceFilter(choices=Suggestion.Kind.choices, label=_("Kind"))
    mine = django_filters.ChoiceFilter(
        choices=[("yes", _("In my hands"))], method="by_handler", label=_("Handler")
    )

    class Meta:
        model = Suggestion
        fields: list[str] = []

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def state(self) -> str:
        """The state asked for: one of Suggestion's, "overdue" or "all"; "" for those open."""
        asked = self.data.get("state", "")
        return asked if asked in (*Suggestion.State.values, "overdue", "all") else ""

    def filter_queryset(self, queryset: Any) -> Any:
        return super().filter_queryset(self._of_state(queryset))

    def _of_state(self, queryset: Any) -> Any:
        if self.state == "all":
            return queryset
        if self.state in ("", "overdue"):
            return queryset.overdue(self.on) if self.state else queryset.open()
        return queryset.filter(state=self.state)

    def by_text(self, queryset: Any, name: str, value: str) -> Any:
        words = Q(text__icontains=value) | Q(about__icontains=value) | Q(answer__icontains=value)
        number = value.strip().upper().removeprefix("YJ").lstrip("0")
        numbered = number.isascii() and number.isdigit() and len(number) < 10
        return queryset.filter(words | Q(pk=number) if numbered else words)

    def by_handler(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.filter(handler=self.user)
