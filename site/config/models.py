from django.db import models


class Heartbeat(models.Model):
    """A worker's sign of life. Its tasks are taken from it when the signs stop (`config.care`)."""

    worker_id = models.CharField(max_length=64, primary_key=True)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.worker_id
