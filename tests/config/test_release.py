import pytest
from django.core.management import call_command
from django.db import connection
from wagtail.models import Page, Site

from config.management.commands import release
from config.management.commands.release import LOCK, only_one


@pytest.mark.django_db
def test_release_prepares_an_empty_database_and_changes_nothing_the_second_time():
    call_command("release", verbosity=0)
    first = (Page.objects.count(), Site.objects.count())
    call_command("release", verbosity=0)
    assert (Page.objects.count(), Site.objects.count()) == first


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_second_release_waits_for_the_first(monkeypatch):
    if connection.vendor != "postgresql":
        pytest.skip("advisory locks are PostgreSQL's")
    import psycopg
    from django.db import OperationalError

    monkeypatch.setattr(release, "LOCK_SECONDS", 1)
    values = connection.settings_dict
    with psycopg.connect(
        host=values["HOST"], port=values["PORT"], user=values["USER"], dbname=values["NAME"]
    ) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(OperationalError, match="lock timeout"), only_one():
            pass
    connection.close()
