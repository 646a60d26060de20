"""Addresses of the money pages."""

from django.urls import path

from madang.site.ledger.web import files, office, public

app_name = "ledger"
urlpatterns = [
    path("ledger/", public.home, name="home"),
    path("ledger/revenue/", public.revenue, name="revenue"),
    path("ledger/revenue/<int:year>/<str:code>/", public.revenue_item, name="revenue_item"),
    path("ledger/programmes/<str:code>/", public.programme, name="programme"),
    path("ledger/lines/<int:year>/<str:code>/", public.line, name="line"),
    path("ledger/entries/<int:pk>/", public.entry, name="entry"),
]
desk_urlpatterns = [
    path("ledger/", office.home, name="home"),
    path("ledger/approvals/", office.approvals, name="approvals"),
    path("ledger/requests/", office.requests, name="requests"),
    path("ledger/entries/", office.entries, name="entries"),
    path("ledger/requests/<int:pk>/", office.request_page, name="request"),
    path("ledger/requests/<int:pk>/approve/", office.approve, name="approve"),
    path("ledger/requests/<int:pk>/refuse/", office.refuse, name="refuse"),
    path("ledger/requests/<int:pk>/withdraw/", office.withdraw, name="withdraw"),
    path("ledger/lines/<int:year>/<str:code>/", office.line, name="line"),
    path("ledger/lines/<int:year>/<str:code>/forecast/", office.forecast, name="forecast"),
    path("ledger/obligations/<int:pk>/", office.obligation, name="obligation"),
    path("ledger/obligations/<int:pk>/back/", office.give_back, name="give_back"),
    path("ledger/entries/<int:pk>/correct/", office.correct, name="correct"),
    path("ledger/uploads/", files.uploads, name="uploads"),
    path("ledger/uploads/<int:pk>/", files.upload, name="upload"),
    path("ledger/uploads/<int:pk>/drop/", files.drop, name="drop"),
    path("ledger/appropriations/new/", files.appropriation, name="appropriation"),
    path("ledger/revenue/new/", files.revenue, name="revenue"),
]
