from django.http import HttpResponse
from accounts.policy import guard


@guard("public")
def book(request, **kwargs):
    return HttpResponse("")


@guard("public")
def done(request, **kwargs):
    return HttpResponse("")
