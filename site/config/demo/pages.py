"""The pages of the demo site."""

from datetime import datetime

from config.baseline import ensure_start_pages

from .content.areas import put_areas
from .content.regions import put_regions
from .content.stories import put_stories


def put_pages(*, now: datetime) -> None:
    """Every page of the site, in both languages. A page that is there stays as it is."""
    start = ensure_start_pages()
    put_areas(start)
    put_regions(start)
    put_stories(start)
