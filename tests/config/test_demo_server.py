"""A second start of the demo prepares what has changed, and nothing else."""

import pytest

from config import demo_server


@pytest.fixture
def steps(tmp_path, monkeypatch):
    """The prepared parts of each call; sources and data are the test's own."""
    root, data = tmp_path / "root", tmp_path / "data"
    for name in ("site/static/site.css", "home/migrations/0001_initial.py", "requirements.txt"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("as it was")
    taken = []

    def manage(values, command, *arguments):
        (data / "site.sqlite3").touch()
        taken.append(arguments)
        return "" if "static" in arguments else "the people"

    monkeypatch.setattr(demo_server, "ROOT", root)
    monkeypatch.setattr(demo_server, "manage", manage)
    monkeypatch.setattr(demo_server.subprocess, "run", lambda *args, **kwargs: None)
    assert demo_server.prepare({"DATA_DIR": str(data)}) == "the people"
    assert taken.pop() == ()
    return root, data, taken


def test_nothing_changed_means_nothing_to_prepare(steps):
    _root, data, taken = steps
    assert demo_server.prepare({"DATA_DIR": str(data)}) is None
    assert taken == []


@pytest.mark.parametrize(
    ("changed", "only", "people"),
    [
        ("site/static/site.css", "static", None),
        ("home/migrations/0001_initial.py", "content", "the people"),
    ],
)
def test_only_the_changed_part_is_prepared(steps, changed, only, people):
    root, data, taken = steps
    (root / changed).write_text("otherwise")
    assert demo_server.prepare({"DATA_DIR": str(data)}) == people
    assert taken == [("--only", only)]
    assert demo_server.prepare({"DATA_DIR": str(data)}) is None


def test_everything_is_prepared_for_other_requirements_or_a_lost_database(steps):
    root, data, taken = steps
    (root / "requirements.txt").write_text("otherwise")
    demo_server.prepare({"DATA_DIR": str(data)})
    (data / "site.sqlite3").unlink()
    demo_server.prepare({"DATA_DIR": str(data)})
    assert taken == [(), ()]


def test_every_source_is_there():
    for part in demo_server.SOURCES:
        for pattern in demo_server.SOURCES[part]:
            assert any(demo_server.ROOT.glob(pattern)), pattern
