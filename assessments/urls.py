"""URLs of the yearly assessment."""

from django.urls import path

from assessments.views import ballots, brands, cycles, objections, results, scoring, what_if

app_name = "assessments"

urlpatterns = [
    path("showcase/", brands.showcase, name="showcase"),
    path("showcase/<int:pk>/", brands.brand_public, name="brand-public"),
    path("desk/assessments/brands/", brands.BrandList.as_view(), name="brand-list"),
    path("desk/assessments/brands/declare/", brands.BrandAdd.as_view(), name="brand-add"),
    path("desk/assessments/brands/<int:pk>/", brands.brand_detail, name="brand-detail"),
    path("desk/assessments/brands/<int:pk>/edit/", brands.BrandEdit.as_view(), name="brand-edit"),
    path("desk/assessments/brands/<int:pk>/<slug:step>/", brands.brand_step, name="brand-step"),
    path("ballot/", ballots.ballot_sheet, name="ballot-sheet"),
    path("desk/assessments/", cycles.cycle_list, name="cycle-list"),
    path("desk/assessments/new/", cycles.CycleAdd.as_view(), name="cycle-add"),
    path("desk/assessments/scoring/", scoring.scoring_list, name="scoring-list"),
    path("desk/assessments/scoring/<int:pk>/", scoring.scoring_detail, name="scoring-detail"),
    path(
        "desk/assessments/scoring/<int:pk>/submit/", scoring.scoring_submit, name="scoring-submit"
    ),
    path("desk/assessments/results/", results.latest_results, name="latest-results"),
    path("desk/assessments/results/<int:pk>/", results.result_detail, name="result-detail"),
    path(
        "desk/assessments/participants/<int:pk>/object/",
        objections.objection_raise,
        name="objection-raise",
    ),
    path("desk/assessments/objections/", objections.objection_list, name="objection-list"),
    path(
        "desk/assessments/objections/<int:pk>/reply/",
        objections.objection_reply,
        name="objection-reply",
    ),
    path("desk/assessments/measured/<int:pk>/", results.measured_detail, name="measured-detail"),
    path(
        "desk/assessments/indicators/<int:pk>/evaluators/",
        cycles.evaluator_add,
        name="evaluator-add",
    ),
    path(
        "desk/assessments/evaluators/<int:pk>/release/",
        cycles.evaluator_release,
        name="evaluator-release",
    ),
    path(
        "desk/assessments/participants/<int:pk>/withdraw/",
        cycles.ParticipantWithdraw.as_view(),
        name="participant-withdraw",
    ),
    path("desk/assessments/<int:pk>/", cycles.cycle_detail, name="cycle-detail"),
    path("desk/assessments/<int:pk>/what-if/", what_if.what_if, name="what-if"),
    path("desk/assessments/<int:pk>/ballot/", ballots.ballot_detail, name="ballot-detail"),
    path("desk/assessments/<int:pk>/ballot/codes/", ballots.ballot_codes, name="ballot-codes"),
    path("desk/assessments/<int:pk>/ballot/<slug:step>/", ballots.ballot_step, name="ballot-step"),
    path("desk/assessments/<int:pk>/results/", results.result_list, name="result-list"),
    path("desk/assessments/<int:pk>/steps/<slug:step>/", cycles.cycle_step, name="cycle-step"),
    path("desk/assessments/<int:cycle>/edit/", cycles.CycleEdit.as_view(), name="cycle-edit"),
    path(
        "desk/assessments/<int:cycle>/indicators/add/",
        cycles.IndicatorAdd.as_view(),
        name="indicator-add",
    ),
    path(
        "desk/assessments/<int:cycle>/indicators/<int:pk>/",
        cycles.IndicatorEdit.as_view(),
        name="indicator-edit",
    ),
    path(
        "desk/assessments/<int:cycle>/indicators/<int:pk>/remove/",
        cycles.IndicatorRemove.as_view(),
        name="indicator-remove",
    ),
    path(
        "desk/assessments/<int:cycle>/participants/add/",
        cycles.ParticipantAdd.as_view(),
        name="participant-add",
    ),
]
