from itertools import count

from accounts.models import User
from accounts.roles import grant_role

_number = count(1)


def make_user(*, role: str | None = None, **fields) -> User:
    n = next(_number)
    fields.setdefault("email", f"person{n}@example.org")
    fields.setdefault("first_name", "Exempel")
    fields.setdefault("last_name", f"Exempelsson {n}")
    user = User.objects.create_user(**fields)
    if role:
        grant_role(user=user, role=role)
    return user
