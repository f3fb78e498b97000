from datetime import timedelta

import pytest

from messaging import periodic


@pytest.fixture
def duties(monkeypatch):
    monkeypatch.setattr(periodic, "duties", {})
    return periodic.duties


def test_duty_runs_at_once_and_again_after_its_interval(duties, now):
    ran = []

    @periodic.every(seconds=60)
    def duty(at):
        ran.append(at)

    last = {}
    for seconds in (0, 59, 60, 100, 120):
        periodic.run_due(last=last, now=now + timedelta(seconds=seconds))
    assert [(at - now).seconds for at in ran] == [0, 60, 120]


def test_failing_duty_keeps_no_other_from_running(duties, now, caplog):
    ran = []

    @periodic.every(seconds=60)
    def broken(at):
        raise ValueError("broken")

    @periodic.every(seconds=60)
    def well(at):
        ran.append(at)

    assert len(periodic.run_due(last={}, now=now)) == 2
    assert ran == [now]
    assert "broken failed" in caplog.text


def test_interval_below_a_second_and_a_second_duty_of_the_name_are_refused(duties):
    def duty(at): ...

    with pytest.raises(ValueError):
        periodic.every(seconds=0)
    periodic.every(seconds=1)(duty)
    with pytest.raises(ValueError, match="two duties"):
        periodic.every(seconds=1)(duty)


def test_care_for_tasks_is_among_the_duties():
    periodic.discover()
    assert {"config.duties.put_back_tasks", "config.duties.prune_tasks"} <= set(periodic.duties)
