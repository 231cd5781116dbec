"""Cells of the coverage tables."""

from decimal import Decimal

from django.utils import translation

from organizations.views.cells import heading_cells, number_cells, share_cells, table_rows


def test_count_is_written_with_thousands_and_linked_to_what_it_counts() -> None:
    with translation.override("en"):
        cells = number_cells("/list?as_of=2026-03-31", {"&members=due": 1_234})
    assert '<a href="/list?as_of=2026-03-31&amp;members=due">1,234</a>' in cells


def test_nothing_is_not_linked() -> None:
    assert "href" not in number_cells("/list?", {"": 0})


def test_address_is_escaped() -> None:
    assert "<script>" not in number_cells("/list?q=<script>", {"": 1})


def test_share_fills_its_bar_and_stands_beside_it() -> None:
    cell = number_cells("/list?", {}, [Decimal("70.7")])
    assert 'width="70.7"' in cell
    assert "70.7%" in cell


def test_missing_share_is_a_dash() -> None:
    cell = number_cells("/list?", {}, [None])
    assert "—" in cell
    assert "svg" not in cell


def test_label_of_a_row_is_escaped_and_its_cells_are_not() -> None:
    row = table_rows([("<b>", share_cells([None])[0])])
    assert "&lt;b&gt;</th>" in row
    assert "<td" in row


def test_labels_stay_on_one_line_where_asked_for() -> None:
    assert "nowrap" in table_rows([("Total", share_cells([None])[0])], on_one_line=True)
    assert "nowrap" not in table_rows([("Total", share_cells([None])[0])])


def test_share_without_a_bar_keeps_its_decimal() -> None:
    assert ">50.0%<" in share_cells([Decimal("50.0")])[0]
    assert "—" in share_cells([None])[0]


def test_headings_are_escaped_and_those_of_counts_set_as_numbers() -> None:
    assert heading_cells(["<i>"], ["Share"]) == (
        '<th scope="col" class="number">&lt;i&gt;</th><th scope="col">Share</th>'
    )
