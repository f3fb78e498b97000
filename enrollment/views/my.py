from django.http import HttpResponse
from accounts.policy import guard


@guard("public")
def my(request, **kwargs):
    return HttpResponse("")


@guard("public")
def details(request, **kwargs):
    return HttpResponse("")


@guard("public")
def cancel(request, **kwargs):
    return HttpResponse("")


@guard("public")
def diary(request, **kwargs):
    return HttpResponse("")


@guard("public")
def leave(request, **kwargs):
    return HttpResponse("")
