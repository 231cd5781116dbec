from django.apps import AppConfig


class HezeAssocConfig(AppConfig):
    name = "heze_assoc"
