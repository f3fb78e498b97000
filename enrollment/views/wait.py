from django.http import HttpResponse
from accounts.policy import guard


@guard("public")
def wait(request, **kwargs):
    return HttpResponse("")


@guard("public")
def offer(request, **kwargs):
    return HttpResponse("")
