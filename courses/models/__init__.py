from .course import CompletionPolicy, Course, LearningOutcome, Module
from .pages import CoursePage, CoursesPage, ModulePage
from .run import Run, Session, Venue

__all__ = [
    "CompletionPolicy",
    "Course",
    "CoursePage",
    "CoursesPage",
    "LearningOutcome",
    "Module",
    "ModulePage",
    "Run",
    "Session",
    "Venue",
]
