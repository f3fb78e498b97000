"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from .views import book, my, wait

localized: list[URLPattern | URLResolver] = [
    path("runs/<slug:code>/book/", book.book, name="book"),
    path("runs/<slug:code>/wait/", wait.wait, name="wait"),
    path("offers/<str:token>/", wait.offer, name="offer"),
    path("my/", my.my, name="my"),
    path("my/details/", my.details, name="my_details"),
    path("my/bookings/<uuid:public_id>/", book.done, name="booking"),
    path("my/enrolments/<uuid:public_id>/cancel/", my.cancel, name="cancel_enrolment"),
    path("my/enrolments/<uuid:public_id>/meetings.ics", my.diary, name="diary"),
    path("my/waiting/<uuid:public_id>/leave/", my.leave, name="leave_waiting"),
]
root: list[URLPattern | URLResolver] = []
