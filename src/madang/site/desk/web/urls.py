"""Addresses of the desk's pages."""

from django.urls import path

from madang.site.desk.web import maker, matter, mine, office, pages, record, seats

app_name = "desk"
urlpatterns = [
    path("", pages.home, name="home"),
    path("programmes/", pages.programmes, name="programmes"),
    path("programmes/<str:code>/", pages.programme, name="programme"),
    path("processes/<path:code>/", pages.process, name="process"),
    path("matters/<str:number>/", matter.matter, name="matter"),
    path("matters/<str:number>/share/", matter.share, name="share"),
    path("matters/<str:number>/follow/", matter.follow, name="follow"),
    path("matters/<str:number>/unfollow/", matter.unfollow, name="unfollow"),
    path("my/", mine.mine, name="mine"),
    path("my/name/", mine.name, name="name"),
    path("my/notices/", mine.notices, name="notices"),
    path("my/by-mail/", mine.by_mail, name="by_mail"),
    path("my/data.json", mine.data, name="data"),
    path("my/erase/", mine.erase, name="erase"),
    path("record/", record.record, name="record"),
    path("record/chain/", record.chain, name="chain"),
    path("record/books/<path:code>/", record.book, name="book"),
]
desk_urlpatterns = [
    path("", office.inbox, name="inbox"),
    path("next/", office.onward, name="onward"),
    path("help/", office.help_page, name="help"),
    path("processes/", office.processes, name="processes"),
    path("processes/<path:code>/", office.process, name="process"),
    path("cards/", maker.cards, name="cards"),
    path("cards/<path:code>/", maker.make, name="make"),
    path("plans/<path:code>/preview/", maker.preview, name="preview"),
    path("plans/<path:code>/publish/", maker.publish, name="publish"),
    path("plans/<path:code>/discard/", maker.discard, name="discard"),
    path("plans/<path:code>/", maker.plan, name="plan"),
    path("bodies/", seats.bodies, name="bodies"),
    path("bodies/<path:code>/", seats.body, name="body"),
    path("seats/<int:pk>/end/", seats.end, name="end_seat"),
    path("stages/<int:pk>/open/", office.start, name="start"),
    path("stages/<int:pk>/close/", office.finish, name="finish"),
]
