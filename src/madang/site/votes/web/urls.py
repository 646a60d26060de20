"""Addresses of votes and allotments."""

from django.urls import path

from madang.site.votes.web import (
    allotments,
    ballot,
    board,
    board_desk,
    booth,
    ceremony,
    desk,
    rehearsal,
    views,
    visiting,
)

app_name = "votes"
urlpatterns = [
    path("votes/<int:pk>/", ballot.vote, name="vote"),
    path("votes/<int:pk>/picks/", ballot.keep_picks, name="keep"),
    path("votes/<int:pk>/compare/", ballot.compare, name="compare"),
    path("votes/<int:pk>/verify/", visiting.verify, name="verify"),
    path("votes/<int:pk>/leave/", visiting.leave, name="leave"),
    path("votes/<int:pk>/review/", ballot.review, name="review"),
    path("votes/<int:pk>/cast/", ballot.cast, name="cast"),
    path("votes/<int:pk>/booth/", booth.booth, name="booth"),
    path("votes/<int:pk>/booth/test/", booth.test, name="test"),
    path("votes/<int:pk>/booth/drawing/", booth.drawing, name="drawing"),
    path("votes/<int:pk>/result.csv", views.result_table, name="result_table"),
    path("votes/<int:pk>/receipts/", views.receipts, name="receipts"),
    path("votes/<int:pk>/receipts.txt", views.receipts_file, name="receipts_file"),
    path("votes/<int:pk>/board.json", views.board, name="board"),
    path("votes/<int:pk>/record.json", views.record, name="record"),
    path("votes/<int:pk>/votes.pb", views.pabulib, name="pabulib"),
    path("votes/<int:pk>/board/", board.board, name="public_board"),
    path("votes/<int:pk>/board/<slug:uuid>.bel", board.archive, name="board_archive"),
    path("votes/<int:pk>/board/election.json", board.election, name="board_election"),
    path("votes/<int:pk>/board/ballots/", board.cast, name="board_cast"),
    path("votes/trustee/<str:token>/", ceremony.trustee, name="trustee"),
    path("votes/trustee/<str:token>/<str:name>", ceremony.trustee_file, name="trustee_file"),
    path("votes/allotments/<int:pk>/", allotments.allotment, name="allotment"),
    path("votes/allotments/<int:pk>/projects.csv", allotments.table, name="allotment_table"),
    path("votes/allotments/<int:pk>/recount.zip", allotments.kit, name="recount_kit"),
    path("votes/allotments/<int:pk>/record.json", allotments.record, name="allotment_record"),
]
desk_urlpatterns = [
    path("votes/<int:pk>/", desk.vote, name="vote"),
    path("votes/<int:pk>/seal/", desk.seal, name="seal"),
    path("votes/<int:pk>/count/", desk.count, name="count"),
    path("votes/<int:pk>/recount/", desk.recount, name="recount"),
    path("votes/<int:pk>/roll/", desk.destroy_roll, name="destroy_roll"),
    path("votes/<int:pk>/board/tally/", board_desk.tally, name="tally"),
    path("votes/<int:pk>/board/advance/", board_desk.advance, name="advance"),
    path("votes/<int:pk>/board/ceremony/", ceremony.ceremony_desk, name="ceremony"),
    path("votes/<int:pk>/board/rehearsal/", rehearsal.rehearsal_desk, name="rehearsal"),
    path("votes/<int:pk>/board/rehearsal/<slug:uuid>.bel", rehearsal.archive, name="rehearsal_archive"),
    path("votes/<int:pk>/board/terms.json", ceremony.terms, name="terms"),
    path("votes/<int:pk>/board/trustees/<int:number>/", ceremony.renew, name="trustee_link"),
    path("votes/<int:pk>/papers/", desk.enter_papers, name="enter_papers"),
    path("votes/<int:pk>/papers/<int:batch>/", desk.papers, name="papers"),
    path("votes/allotments/<int:pk>/", desk.allotment, name="allotment"),
    path("votes/allotments/<int:pk>/rule/", desk.choose_rule, name="choose_rule"),
]
