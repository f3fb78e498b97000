from django.apps import AppConfig


class AttendanceConfig(AppConfig):
    name = "enrollment.attendance"

    def ready(self) -> None:
        from . import rules  # noqa: F401 - fills the registries
