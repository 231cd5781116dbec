from django.urls import path

from registers.views import decisions, marked, meanings, uploads

app_name = "registers"

urlpatterns = [
    path("", uploads.batch_list, name="batch-list"),
    path("new/<slug:register>/", uploads.upload, name="upload"),
    path("template/<slug:register>/", uploads.template, name="template"),
    path("<int:pk>/", decisions.batch_detail, name="batch-detail"),
    path("<int:pk>/columns/", meanings.columns, name="columns"),
    path("<int:pk>/values/", meanings.words, name="values"),
    path("<int:pk>/check/", decisions.check, name="check"),
    path("<int:pk>/commit/", decisions.commit, name="commit"),
    path("<int:pk>/undo/", decisions.undo, name="undo"),
    path("<int:pk>/restart/", decisions.restart, name="restart"),
    path("<int:pk>/marked/", marked.marked, name="marked"),
]
