"""Addresses of this room: `localized` stand under /sv/ and /en/, `root` under no language."""

from django.urls import URLPattern, URLResolver, path

from .views import book, change, company, company_book, confirm, my, offer, people, wait

localized: list[URLPattern | URLResolver] = [
    path("runs/<slug:code>/book/", book.book, name="book"),
    path("runs/<slug:code>/book/company/", company_book.company, name="book_company"),
    path("runs/<slug:code>/wait/", wait.wait, name="wait"),
    path("waiting/<str:token>/", wait.place_in_line, name="waiting"),
    path("offers/<str:token>/", offer.offer, name="offer"),
    path("company/", company.company, name="company"),
    path("company/<int:pk>/invite/", company.invite, name="company_invite"),
    path("company/<int:pk>/workplaces/", company.workplace, name="company_workplace"),
    path("company/memberships/<int:pk>/", company.membership, name="company_membership"),
    path("my/", my.my, name="my"),
    path("my/own-data/<str:token>/", confirm.own_data, name="own_data"),
    path("my/own-data/<str:token>/decline/", confirm.decline, name="own_data_decline"),
    path("my/details/", my.details, name="my_details"),
    path("my/bookings/<uuid:public_id>/", book.done, name="booking"),
    path("my/bookings/<uuid:public_id>/people/", people.name_people, name="name_people"),
    path("my/bookings/<uuid:public_id>/reference/", people.reference, name="booking_reference"),
    path("my/enrolments/<uuid:public_id>/cancel/", my.cancel, name="cancel_enrolment"),
    path("my/enrolments/<uuid:public_id>/substitute/", change.substitute, name="substitute"),
    path("my/enrolments/<uuid:public_id>/move/", change.move, name="move_enrolment"),
    path("my/enrolments/<uuid:public_id>/add/", change.add, name="add_to_team"),
    path("my/enrolments/<uuid:public_id>/meetings.ics", my.diary, name="diary"),
    path("my/waiting/<uuid:public_id>/leave/", my.leave, name="leave_waiting"),
]
root: list[URLPattern | URLResolver] = []
