from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "huixiang.web"
    label = "web"
