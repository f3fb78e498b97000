from django.utils.translation import gettext_lazy as _
from wagtail import hooks


@hooks.register("register_log_actions")
def log_actions(actions) -> None:
    for name, label, message in (
        ("enter", _("Enrol"), _("Enrolled")),
        ("move", _("Change status"), _("Status changed")),
        ("hold_longer", _("Hold longer"), _("Place held longer")),
        ("revive", _("Take places again"), _("Places taken again after a late payment")),
        ("resize", _("Change number of places"), _("Number of places changed")),
        ("wait", _("Join waiting list"), _("Joined the waiting list")),
        ("leave", _("Leave waiting list"), _("Left the waiting list")),
        ("details", _("Change own data"), _("Own data changed")),
        ("name", _("Name a participant"), _("Participant named")),
        ("send", _("Send a booking"), _("Booking sent")),
        ("reference", _("Change the reference"), _("Reference changed")),
        ("share", _("Keep places for a county"), _("Places kept for a county changed")),
        ("company", _("Add a company"), _("Company added")),
        ("membership", _("Change who acts for a company"), _("Company membership changed")),
        ("fee", _("Change a fee"), _("Fee changed")),
        ("rules", _("Change booking rules"), _("Booking rules changed")),
        ("shortlist", _("Shortlist an application"), _("Application shortlisted")),
        ("cancel_run", _("Cancel a course run"), _("Course run cancelled")),
        ("merge", _("Merge two people"), _("People merged")),
        ("merge_company", _("Merge two companies"), _("Companies merged")),
        ("needs", _("Change diet and access"), _("Diet and access changed")),
        ("confirm_data", _("Confirm own data"), _("Own data confirmed")),
        ("import", _("Import participants"), _("Participants imported")),
    ):
        actions.register_action(f"enrollment.{name}", label, message)
