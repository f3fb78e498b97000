from django.db import models
from django.utils.translation import gettext_lazy as _


class Needs(models.Model):
    """What a participant needs in order to eat and to take part: fixed choices, never free text about health.

    Given by the person alone, with consent (GDPR art. 9.2 a), and deleted a week after the last meeting.
    """

    class Diet(models.TextChoices):
        VEGETARIAN = "vegetarian", _("vegetarian")
        VEGAN = "vegan", _("vegan")
        NO_PORK = "no_pork", _("no pork")
        GLUTEN_FREE = "gluten_free", _("gluten-free")
        LACTOSE_FREE = "lactose_free", _("lactose-free")
        MILK_FREE = "milk_free", _("milk-free")
        EGG_FREE = "egg_free", _("egg-free")
        NUT_FREE = "nut_free", _("nut-free")
        FISH_FREE = "fish_free", _("no fish or shellfish")

    class Access(models.TextChoices):
        STEP_FREE = "step_free", _("step-free access")
        HEARING_LOOP = "hearing_loop", _("hearing loop")
        SIGN_LANGUAGE = "sign_language", _("sign language interpreter")
        LARGE_PRINT = "large_print", _("material in large print")
        CONTACT_ME = "contact_me", _("please contact me before the first meeting")

    wagtail_reference_index_ignore = True

    enrollment = models.OneToOneField(
        "enrollment.Enrollment", on_delete=models.CASCADE, related_name="needs"
    )
    diet = models.JSONField(_("diet"), default=list)
    access = models.JSONField(_("access"), default=list)
    consent_at = models.DateTimeField(_("consent given"))
    delete_after = models.DateField(_("deleted after"))

    class Meta:
        verbose_name = _("diet and access")
        verbose_name_plural = _("diet and access")

    def __str__(self) -> str:
        return f"N{self.pk}"
