"""Booking: from a filled-in form to enrolments with places."""
