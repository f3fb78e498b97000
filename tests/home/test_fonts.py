from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from home import fonts


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    made = tmp_path_factory.mktemp("fonts")
    fonts.build(made)
    return made


def test_web_font_is_two_small_faces_that_know_swedish(folder):
    faces = sorted(folder.glob("*.woff2"))
    assert len(faces) == 2
    for path in faces:
        assert path.stat().st_size <= 20 * 1024
        with TTFont(path) as font:
            known = font.getBestCmap()
        assert all(ord(c) in known for c in "AZazÅÄÖåäöéü0123456789–—’”…€×·\u00a0\u00ad−")


def test_figures_are_equally_wide(folder):
    with TTFont(folder / "focus-sans-400.woff2") as font:
        names = font.getBestCmap()
        assert len({font["hmtx"][names[ord(d)]][0] for d in "0123456789"}) == 1


def test_cut_font_does_not_bear_the_reserved_name_and_brings_its_licence(folder):
    for path in folder.glob("*.woff2"):
        with TTFont(path) as font:
            names = {record.nameID: str(record) for record in font["name"].names}
        assert "Source" not in names[1] + names[4] + names[6]
        assert "Open Font" in names[13]
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text()


def test_fallback_takes_the_same_room(folder):
    css = (folder / "faces.css").read_text()
    assert css.count("size-adjust") == css.count("ascent-override") == 2
    with TTFont(f"{fonts.font_directory}/SourceSansPro-Regular.ttf") as font:
        metrics = fonts.fallback_metrics(font)
    assert 90 < metrics.size_adjust < 100
