from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts.views import LogIn, PasswordChange

app_name = "accounts"

urlpatterns = [
    path("login/", LogIn.as_view(), name="login"),
    path("logout/", login_not_required(LogoutView.as_view()), name="logout"),
    path("password/", PasswordChange.as_view(), name="password-change"),
]
