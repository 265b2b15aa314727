"""The addresses of inspections."""

from __future__ import annotations

from django.urls import URLPattern, path

from huixiang.apps.inspections.views import calibrating, filling, findings, importing, plans, units, visits, wording

ONE, FINDING = "inspections/visits/<str:number>/", "inspections/findings/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("inspections/", visits.inspections, name="inspections"),
    path("inspections/export/<str:kind>/", visits.inspections_export, name="inspections_export"),
    path("inspections/import/", importing.inspections_import, name="inspections_import"),
    path("inspections/mine/", filling.mine, name="inspections_mine"),
    path("inspections/worker.js", filling.worker, name="inspections_worker"),
    path("inspections/begin/", filling.inspection_begin, name="inspection_begin"),
    path(ONE, visits.inspection, name="inspection"),
    path(f"{ONE}form/", filling.inspection_form, name="inspection_form"),
    path(f"{ONE}cancel/", filling.inspection_cancel, name="inspection_cancel"),
    path("inspections/photos/<uuid:key>/", visits.inspection_photo, name="inspection_photo"),
    path("inspections/plans/", plans.plans, name="inspection_plans"),
    path("inspections/plans/new/", plans.plan_new, name="inspection_plan_new"),
    path("inspections/plans/<int:pk>/", plans.plan, name="inspection_plan"),
    path("inspections/plans/<int:pk>/<slug:deed>/", plans.plan_do, name="inspection_plan_do"),
    path("inspections/findings/", findings.findings, name="inspection_findings"),
    path("inspections/findings/export/<str:kind>/", findings.findings_export, name="inspection_findings_export"),
    path(FINDING, findings.finding, name="inspection_finding"),
    path(f"{FINDING}<slug:verb>/", findings.finding_do, name="inspection_finding_do"),
    path("inspections/evidence/<uuid:key>/", findings.evidence, name="inspection_evidence"),
    path("inspections/calibration/", calibrating.calibration, name="inspection_calibration"),
    path("inspections/units/<str:code>/", units.unit_results, name="inspection_unit"),
    path("inspections/words/", wording.hotline_words, name="inspection_words"),
]
