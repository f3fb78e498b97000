from datetime import UTC, datetime

import pytest
from django.urls import reverse

from courses.models import Course, Run, Venue
from tests.accounts.factories import make_user
from tests.courses.factories import make_course, make_course_page, make_run, make_site
from tests.home.factories import make_municipality, make_promoter, make_region

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    make_site()
    user = make_user(role="coordinator")
    client.force_login(user)
    return user


@pytest.fixture
def promoter(client):
    make_site()
    user = make_user(role="promoter")
    own = make_promoter("egen")
    own.staff.add(user)
    client.force_login(user)
    return own


def run_form(**fields) -> dict:
    course = make_course()
    return {
        "code": "NY-1",
        "course": course.pk,
        "host": make_promoter().pk,
        "municipality": make_municipality().pk,
        "open_to": [make_region().pk],
        "language": "sv",
        "format": "on_site",
        "selection": "open",
        "price_ore": "0",
        "vat_percent": "25",
        "policy": course.policy.pk,
        **fields,
    }


def test_coordinator_sets_up_a_run_and_publishes_it(client, coordinator, now):
    make_course_page()
    venue = Venue.objects.create(name="Salen", municipality=make_municipality())
    response = client.post(reverse("run:add"), run_form(status="published"))
    run = Run.objects.get(code="NY-1")
    assert response.status_code == 302 and response.url == reverse("run:meetings", args=[run.pk])
    assert run.status == Run.Status.DRAFT
    page = client.post(reverse("run:publish", args=[run.pk]))
    assert page.status_code == 200 and "help-critical" in page.text
    year = now.year + 1
    bad = client.post(response.url, {"text": "nån gång i mars", "venue": str(venue.pk)})
    assert "nån gång i mars" in bad.text and not run.sessions.exists()
    client.post(
        response.url, {"text": f"4 tisdagar från 3 mars {year} kl 9–12", "venue": str(venue.pk)}
    )
    assert run.sessions.filter(venue=venue).count() == 4
    assert client.post(reverse("run:publish", args=[run.pk])).status_code == 302
    run.refresh_from_db()
    assert run.status == Run.Status.PUBLISHED
    assert client.get(reverse("run:index")).status_code == 200


def test_promoter_manages_own_runs_alone(client, promoter, now):
    own, foreign = make_run(now=now, host=promoter), make_run(now=now, host=make_promoter("annan"))
    listing = client.get(reverse("run:index")).text
    assert own.code in listing and foreign.code not in listing
    for name in ("run:edit", "run:history", "run:usage", "run:delete"):
        wanted = (302, 403, 404) if name == "run:delete" else (200,)
        assert client.get(reverse(name, args=[own.pk])).status_code in wanted, name
        assert client.get(reverse(name, args=[foreign.pk])).status_code in (302, 403, 404), name
    for name in ("run:publish", "run:meetings"):
        assert client.get(reverse(name, args=[own.pk])).status_code == 200
        assert client.post(reverse(name, args=[foreign.pk])).status_code == 404
    session = foreign.sessions.first()
    assert client.get(reverse("meeting:edit", args=[session.pk])).status_code in (302, 403, 404)
    response = client.post(reverse("run:add"), run_form(host=foreign.host_id))
    assert response.status_code == 200 and not Run.objects.filter(code="NY-1").exists()
    client.post(reverse("run:add"), run_form(host=promoter.pk))
    assert Run.objects.filter(code="NY-1", host=promoter).exists()
    assert client.get(reverse("course:index")).status_code in (302, 403, 404)


@pytest.mark.parametrize("role", ["communicator", "leader", None])
@pytest.mark.parametrize("name", ["run:index", "meeting:index", "course:index", "venue:index"])
def test_others_are_turned_away(client, role, name):
    make_site()
    client.force_login(make_user(role=role) if role else make_user())
    assert client.get(reverse(name)).status_code in (302, 403)


def test_course_with_modules_and_outcomes_on_one_form(client, coordinator):
    course = make_course(modules=0)
    inline = {
        f"{kind}-{key}": value
        for kind in ("modules", "outcomes")
        for key, value in (
            ("TOTAL_FORMS", 1),
            ("INITIAL_FORMS", 0),
            ("MIN_NUM_FORMS", 0),
            ("MAX_NUM_FORMS", 1000),
        )
    }
    data = {
        "code": course.code,
        "name_sv": "Nytt namn",
        "name_en": "New name",
        "area": course.area_id,
        "skill": "technical",
        "unit": "person",
        "teaching_minutes": "240",
        "coaching_minutes": "0",
        "own_work_minutes": "0",
        "price_ore": "0",
        "policy": course.policy_id,
        "syllabus_version": "1.0",
        **inline,
        "modules-0-order": "1",
        "modules-0-name_sv": "Ett",
        "modules-0-name_en": "One",
        "modules-0-minutes": "60",
        "outcomes-0-order": "1",
        "outcomes-0-text_sv": "räkna",
        "outcomes-0-text_en": "count",
    }
    response = client.post(reverse("course:edit", args=[course.pk]), data)
    assert response.status_code == 302, response.context["form"].errors
    course = Course.objects.get(pk=course.pk)
    assert course.name_sv == "Nytt namn"
    assert [m.name_sv for m in course.modules.all()] == ["Ett"]
    assert [o.text_en for o in course.outcomes.all()] == ["count"]


def test_moved_meeting_tells_calendars(client, coordinator, now):
    session = make_run(now=now).sessions.first()
    response = client.post(
        reverse("meeting:edit", args=[session.pk]),
        {
            "starts_at": "2027-03-03 09:00",
            "ends_at": "2027-03-03 12:00",
            "venue": session.venue_id,
            "modules": [m.pk for m in session.modules.all()],
            "attendance_required": "on",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    session.refresh_from_db()
    assert session.starts_at == datetime(2027, 3, 3, 8, tzinfo=UTC)
    assert session.sequence == 1 and session.modules.count() == 1
