from .news import NewsIndexPage, NewsPage
from .places import ActionAreaIndexPage, ActionAreaPage, RegionIndexPage, RegionPage
from .promoters import ActionArea, Municipality, Promoter, PromoterMembership, Region
from .standard import AccessibilityStatementPage, StandardPage
from .start import ProgrammePage, StartPage
from .stories import StoryIndexPage, StoryPage
from .toolbox import ToolboxPage, ToolPage

__all__ = [
    "AccessibilityStatementPage",
    "ActionArea",
    "ActionAreaIndexPage",
    "ActionAreaPage",
    "Municipality",
    "NewsIndexPage",
    "NewsPage",
    "ProgrammePage",
    "Promoter",
    "PromoterMembership",
    "Region",
    "RegionIndexPage",
    "RegionPage",
    "StandardPage",
    "StartPage",
    "StoryIndexPage",
    "StoryPage",
    "ToolPage",
    "ToolboxPage",
]
