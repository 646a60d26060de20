"""What waits for the desk: meetings to write down, bookings to draw, whether somebody came."""

from datetime import date, timedelta

from gatherings_world import AT

from madang.site.gatherings import actions
from madang.site.gatherings.models import Booking
from madang.site.kit.navigation import queues


def waiting(world, name: str, by=None, at=AT) -> list[int]:
    """The keys that wait in a queue."""
    (queue,) = [queue for queue in queues if queue.name == f"gatherings.{name}"]
    return list(queue.rows(by or world.officer, at).order_by("pk").values_list("pk", flat=True))


def test_a_meeting_waits_until_it_is_counted_and_written_down(world):
    meeting, ahead = world.hold(), world.hold(number=2, held_at=AT + timedelta(days=3))
    written = world.hold(number=3, mode="written")
    assert waiting(world, "meetings") == [meeting.pk, written.pk]
    assert waiting(world, "meetings", world.stranger) == []
    note = {"by": world.officer, "at": AT}
    for row in (meeting, written):
        actions.publish_minutes(**note, gathering=row, text="합성 회의록")
    assert waiting(world, "meetings") == [meeting.pk]
    actions.record_attendance(**note, gathering=meeting, heads=9)
    assert waiting(world, "meetings") == []
    actions.cancel(**note, gathering=ahead, reason="합성 사유")
    assert waiting(world, "meetings", at=AT + timedelta(days=4)) == []


def test_requests_wait_for_their_draw_and_given_slots_for_a_word(world):
    world.gives(given="draw")
    asked = world.books(0, world.slots(world.space())[0])
    assert asked.state == Booking.State.REQUESTED
    assert (waiting(world, "draws"), waiting(world, "draws", world.stranger)) == ([world.book.pk], [])
    actions.draw_slots(by=world.officer, at=AT, stage=world.book, until=date(2021, 3, 31), seed="synthetic")
    assert (waiting(world, "draws"), waiting(world, "uses")) == ([], [])
    later = asked.slot.begins + timedelta(minutes=5)
    assert waiting(world, "uses", at=later) == [asked.pk]
    asked.refresh_from_db()
    actions.note_use(by=world.officer, at=later, booking=asked, came=True)
    assert waiting(world, "uses", at=later) == []
