"""Where does a person begin? On the first page of the menu that his or her rights open."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huixiang.web.navigation import navigation


@login_required
def home(request: HttpRequest) -> HttpResponse:
    menu = navigation(request)["menu"]
    return redirect(menu[0]["entries"][0]["url"]) if menu else render(request, "nothing_yet.html")
