from django.apps import AppConfig


class CompletionConfig(AppConfig):
    name = "enrollment.completion"

    def ready(self) -> None:
        from . import rules  # noqa: F401 - fills the registries
