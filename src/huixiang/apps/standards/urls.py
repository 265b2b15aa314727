"""The addresses of the standards."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.standards.views import counters, folders, monitored, reading, scorecards, units, working

ONE, VERSION = "standards/of/<slug:code>/", "standards/of/<slug:code>/<int:number>/"

urlpatterns: list[URLPattern] = [
    path("standards/", reading.standards, name="standards"),
    path("standards/conformance/", reading.standard_conformance, name="standard_conformance"),
    path("standards/scorecard/", scorecards.scorecard, name="scorecard"),
    path("standards/scorecard/export.csv", scorecards.scorecard_export, name="scorecard_export"),
    path("service/", counters.own_service, name="own_service"),
    path("service/team/", counters.team_service, name="team_service"),
    path("monitoring/", monitored.monitoring, name="monitoring"),
    path("standards/new/", working.standard_new, name="standard_new"),
    path("standards/adopt/", folders.standards_adopt, name="standards_adopt"),
    path("standards/import/", folders.standards_import, name="standards_import"),
    path("standards/export/", folders.standards_export, name="standards_export"),
    path(ONE, reading.standard, name="standard"),
    path(f"{ONE}edit/", working.standard_edit, name="standard_edit"),
    path(f"{ONE}form/", reading.standard_form, name="standard_form"),
    path(f"{ONE}year/", reading.standard_year, name="standard_year"),
    path(f"{ONE}units/", units.standard_units, name="standard_units"),
    path(f"{ONE}units/export.csv", units.standard_units_export, name="standard_units_export"),
    path(VERSION, working.standard_version, name="standard_version"),
    path(f"{VERSION}file.toml", working.standard_file, name="standard_file"),
    path(f"{VERSION}<slug:deed>/", working.standard_do, name="standard_do"),
]
