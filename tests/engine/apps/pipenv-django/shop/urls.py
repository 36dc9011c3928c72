from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, re_path
from django.views.static import serve
from django.conf import settings


def index(request):
    return render(request, "index.html")


urlpatterns = [
    path("", index),
    path("healthz", lambda request: HttpResponse("ok")),
    re_path(r"^static/(?P<path>.*)$", serve, {"document_root": settings.STATIC_ROOT}),
]
