"""URLs of the registry: the public directory and the staff pages."""

from django.urls import path

from organizations.views import (
    assignment_rules,
    association_cells,
    association_forms,
    associations,
    belongings,
    coverage,
    directory,
    duplicates,
    establishment,
    establishment_steps,
    instructors,
    merging,
    proposals,
    reports,
    statistics,
    unresolved,
)

app_name = "organizations"

urlpatterns = [
    path("desk/coverage/", coverage.dashboard, name="coverage"),
    path("desk/statistics/", statistics.statistics, name="statistics"),
    path(
        "desk/statistics/joint/",
        statistics.JointOrganizationList.as_view(),
        name="joint-organizations",
    ),
    path("desk/statistics/reports/", reports.report_list, name="report-list"),
    path("desk/statistics/reports/new/", reports.report_freeze, name="report-freeze"),
    path("desk/statistics/reports/<int:pk>/", reports.report_detail, name="report-detail"),
    path(
        "desk/statistics/reports/<int:pk>/rows/<slug:line>/",
        reports.report_rows,
        name="report-rows",
    ),
    path(
        "desk/statistics/reports/<int:pk>/differences/",
        reports.report_differences,
        name="report-differences",
    ),
    path(
        "desk/statistics/reports/<int:pk>/differences/<slug:line>/",
        reports.report_changes,
        name="report-changes",
    ),
    path("associations/", directory.directory, name="directory"),
    path("associations/<int:pk>/", directory.association_public, name="association-public"),
    path("desk/associations/", associations.AssociationList.as_view(), name="association-list"),
    path(
        "desk/associations/<int:pk>/",
        associations.association_detail,
        name="association-detail",
    ),
    path(
        "desk/associations/add/",
        association_forms.AssociationAdd.as_view(),
        name="association-add",
    ),
    path(
        "desk/associations/<int:pk>/edit/<slug:section>/",
        association_forms.AssociationEdit.as_view(),
        name="association-edit",
    ),
    path(
        "desk/associations/<int:pk>/rows/<slug:section>/",
        association_forms.association_rows,
        name="association-rows",
    ),
    path(
        "desk/associations/<int:pk>/cell/<slug:column>/",
        association_cells.AssociationCell.as_view(),
        name="association-cell",
    ),
    path(
        "desk/associations/<int:association>/rows/<slug:kind>/add/",
        belongings.BelongingAdd.as_view(),
        name="belonging-add",
    ),
    path(
        "desk/associations/<int:association>/rows/<slug:kind>/<int:pk>/",
        belongings.BelongingEdit.as_view(),
        name="belonging-edit",
    ),
    path(
        "desk/associations/<int:association>/rows/<slug:kind>/<int:pk>/remove/",
        belongings.BelongingRemove.as_view(),
        name="belonging-remove",
    ),
    path("desk/documents/<int:pk>/", belongings.document, name="document"),
    path("desk/associations/duplicates/", duplicates.duplicates, name="duplicates"),
    path("desk/associations/duplicates/settled/", duplicates.remembered, name="remembered"),
    path(
        "desk/associations/duplicates/settled/pairs/<int:pk>/forget/",
        duplicates.forget_pair,
        name="forget-pair",
    ),
    path(
        "desk/associations/duplicates/settled/names/<int:pk>/forget/",
        duplicates.forget_distinct,
        name="forget-distinct",
    ),
    path(
        "desk/associations/duplicates/settled/former/<int:pk>/forget/",
        duplicates.forget_former,
        name="forget-former",
    ),
    path("desk/associations/duplicates/merged/", merging.mergers, name="mergers"),
    path("desk/associations/duplicates/merged/<int:pk>/undo/", merging.undo, name="undo-merger"),
    path("desk/associations/duplicates/<int:one>/<int:other>/", merging.compare, name="merge"),
    path(
        "desk/associations/duplicates/<int:one>/<int:other>/apart/",
        duplicates.apart,
        name="tell-apart",
    ),
    path("desk/instructors/unresolved/", unresolved.unresolved, name="unresolved"),
    path(
        "desk/instructors/unresolved/suggestions/",
        unresolved.suggestions,
        name="unresolved-suggestions",
    ),
    path("desk/instructors/unresolved/<int:pk>/", unresolved.resolve, name="resolve"),
    path("desk/instructors/proposals/", proposals.proposal_list, name="proposal-list"),
    path(
        "desk/instructors/proposals/rules/",
        assignment_rules.assignment_rules,
        name="assignment-rules",
    ),
    path("desk/instructors/proposals/<int:pk>/", proposals.proposal_detail, name="proposal-detail"),
    path(
        "desk/instructors/proposals/<int:pk>/again/",
        proposals.proposal_again,
        name="proposal-again",
    ),
    path(
        "desk/instructors/proposals/<int:pk>/accept/",
        proposals.proposal_accept,
        name="proposal-accept",
    ),
    path(
        "desk/instructors/proposals/<int:pk>/discard/",
        proposals.proposal_discard,
        name="proposal-discard",
    ),
    path(
        "desk/instructors/proposals/<int:pk>/take-back/",
        proposals.proposal_take_back,
        name="proposal-take-back",
    ),
    path("desk/instructors/proposals/rows/<int:pk>/", proposals.proposal_row, name="proposal-row"),
    path("desk/instructors/", instructors.InstructorList.as_view(), name="instructor-list"),
    path("desk/instructors/<int:pk>/", instructors.instructor_detail, name="instructor-detail"),
    path("desk/establishment/", establishment.board, name="establishment-board"),
    path("desk/establishment/list/", establishment.table, name="establishment-list"),
    path("desk/establishment/not-begun/", establishment.not_begun, name="establishment-not-begun"),
    path("desk/establishment/<int:pk>/", establishment_steps.detail, name="establishment-detail"),
    path("desk/establishment/<int:pk>/plan/", establishment_steps.plan, name="establishment-plan"),
    path("desk/establishment/<int:pk>/act/", establishment_steps.act, name="establishment-act"),
    path(
        "desk/establishment/<int:pk>/move/<slug:stage>/",
        establishment_steps.move,
        name="establishment-move",
    ),
    path(
        "desk/establishment/joint-branches/<int:pk>/",
        establishment_steps.joint_branch,
        name="joint-branch",
    ),
    path("desk/associations/<int:pk>/reason/", establishment_steps.reason, name="no-party-reason"),
]
