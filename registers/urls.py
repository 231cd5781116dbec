from django.urls import path

from registers.views import (
    decisions,
    dictionary,
    exports,
    headers,
    marked,
    matches,
    meanings,
    reconcile,
    taught,
    uploads,
)

app_name = "registers"

urlpatterns = [
    path("imports/", uploads.batch_list, name="batch-list"),
    path("imports/new/<slug:register>/", uploads.upload, name="upload"),
    path("imports/template/<slug:register>/", uploads.template, name="template"),
    path("imports/words/", taught.word_list, name="word-list"),
    path("imports/words/<int:pk>/", taught.word_detail, name="word-detail"),
    path("imports/words/<int:pk>/forget/", taught.forget, name="word-forget"),
    path("imports/<int:pk>/", decisions.batch_detail, name="batch-detail"),
    path("imports/<int:pk>/columns/", meanings.columns, name="columns"),
    path("imports/<int:pk>/values/", meanings.words, name="values"),
    path("imports/<int:pk>/headers/", headers.headers, name="headers"),
    path("imports/<int:pk>/own-sheets/", decisions.own_sheets, name="own-sheets"),
    path("imports/<int:pk>/check/", decisions.check, name="check"),
    path("imports/<int:pk>/newer/", decisions.newer, name="newer"),
    path("imports/<int:pk>/commit/", decisions.commit, name="commit"),
    path("imports/<int:pk>/undo/", decisions.undo, name="undo"),
    path("imports/<int:pk>/restart/", decisions.restart, name="restart"),
    path("imports/<int:pk>/matches/", matches.matches, name="matches"),
    path("imports/<int:pk>/reconcile/", reconcile.reconcile, name="reconcile"),
    path("imports/<int:pk>/reconcile/export/", reconcile.export, name="reconcile-export"),
    path("imports/<int:pk>/marked/", marked.marked, name="marked"),
    path("registers/<slug:register>/dictionary/", dictionary.dictionary, name="dictionary"),
    path("exports/", exports.export_list, name="export-list"),
    path("exports/<int:pk>/", exports.export_detail, name="export-detail"),
    path("exports/<int:pk>/download/", exports.download, name="export-download"),
    path("exports/<int:pk>/restart/", exports.restart, name="export-restart"),
]
