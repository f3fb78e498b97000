from django.apps import AppConfig


class LearningConfig(AppConfig):
    name = "enrollment.learning"

    def ready(self) -> None:
        from . import rules  # noqa: F401 - fills the registries
