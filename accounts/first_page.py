from .models import User
from .roles import Role, roles_of


def first_page(person: User) -> str:
    """Where somebody's work begins after sign-in, by role, in the person's language."""
    roles = roles_of(person)
    if roles & {Role.COORDINATOR, Role.COMMUNICATOR, Role.ADMIN, Role.PROMOTER}:
        return "/admin/"
    room = "lead" if Role.LEADER in roles else "my"
    return f"/{person.language}/{room}/"
