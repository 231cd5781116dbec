"""What the file means: its columns, and the words that nobody knows yet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from registers.forms import OPEN, ColumnsForm
from registers.jobs import Step, start
from registers.models import ImportBatch
from registers.previews import has_sheets
from registers.views.access import own_batch
from registers.vocabularies import teach
from registers.word_forms import WordsForm


@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or change what each column means, then check the rows."""
    batch = own_batch(request, pk)
    if batch.status not in OPEN:
        return redirect("registers:batch-detail", pk)
    form = ColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        if form.save():
            start(batch, Step.STAGE, by=request.user)
        return _to_next_step(batch)
    context = {"batch": batch, "form": form}
    return render(request, "registers/import_columns.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what each unknown word means; answers are remembered for every later file."""
    batch = own_batch(request, pk)
    if batch.status != ImportBatch.Status.STAGED or not batch.unknown:
        return redirect("registers:batch-detail", pk)
    form = WordsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        return _learn(request, batch, form)
    context = {
        "batch": batch,
        "form": form,
        "more": len(batch.unknown) - len(form.unknown),
        "has_sheets": has_sheets(batch),
    }
    return render(request, "registers/import_words.html", context)


def _learn(request: HttpRequest, batch: ImportBatch, form: WordsForm) -> HttpResponse:
    answers, overtaken = list(form.answers()), form.overtaken()
    if not answers and not overtaken:
        return redirect("registers:batch-detail", batch.pk)
    lost = [
        word
        for column, word, value in answers
        if not teach(batch.register, column, word, value, by=request.user)
    ]
    _say_what_was_learned(request, len(answers) - len(lost), overtaken + lost)
    start(batch, Step.STAGE, by=request.user)
    return redirect("registers:batch-detail", batch.pk)


def _say_what_was_learned(request: HttpRequest, learned: int, overtaken: list[str]) -> None:
    text = ngettext(
        "%(count)s word learned; it will be known in every later file as well.",
        "%(count)s words learned; they will be known in every later file as well.",
        learned,
    )
    if learned:
        messages.success(request, text % {"count": learned})
    if overtaken:
        text = _("Somebody else has explained meanwhile, and that holds: %(words)s")
        messages.info(request, text % {"words": "、".join(overtaken)})


def _to_next_step(batch: ImportBatch) -> HttpResponse:
    batch.refresh_from_db()
    asks = batch.status == ImportBatch.Status.STAGED and batch.unknown
    return redirect("registers:values" if asks else "registers:batch-detail", batch.pk)
