from wagtail.users.forms import UserCreationForm, UserEditForm
from wagtail.users.views.users import UserViewSet

from .models import User


class _Person:
    """One address, in small letters, is one person; nobody gets a password."""

    def clean_email(self) -> str:
        return User.objects.normalise(self.cleaned_data["email"])

    def save(self, commit=True):
        if not self.instance.password:
            self.instance.set_unusable_password()
        return super().save(commit)


class PersonCreationForm(_Person, UserCreationForm):
    class Meta(UserCreationForm.Meta):
        fields = UserCreationForm.Meta.fields | {"language"}


class PersonEditForm(_Person, UserEditForm):
    class Meta(UserEditForm.Meta):
        fields = UserEditForm.Meta.fields | {"language"}


class PersonViewSet(UserViewSet):
    def get_form_class(self, for_update=False):
        return PersonEditForm if for_update else PersonCreationForm
