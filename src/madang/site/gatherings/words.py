"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "gathering.held": ("회의 일정을 잡았습니다", "A meeting was called"),
        "gathering.changed": ("회의 일정이 바뀌었습니다", "A meeting was changed"),
        "gathering.cancelled": ("회의가 취소되었습니다", "A meeting was cancelled"),
        "gathering.attended": ("회의 참석을 확인했습니다", "Attendance of a meeting was noted"),
        "gathering.marked": ("회의 출석을 표시했습니다", "Somebody was marked as present or absent"),
        "gathering.code_opened": ("회의 출석 번호를 띄웠습니다", "The code for attendance was shown"),
        "gathering.code_closed": ("회의 출석 번호를 닫았습니다", "The code for attendance was ended"),
        "gathering.attended_by_code": ("회의 출석 번호로 출석했습니다", "Somebody noted their attendance by code"),
        "gathering.contributed": ("회의에 의견을 냈습니다", "Somebody contributed to a meeting"),
        "gathering.minutes_published": ("회의록을 공개했습니다", "The minutes of a meeting were published"),
        "course.opened": ("교육 과정을 만들었습니다", "A course was set up"),
        "cohort.opened": ("교육 기수를 열었습니다", "A run of a course was opened"),
        "cohort.enrolled_for": (
            "담당자가 창구에서 시민의 동의를 받아 교육을 대신 신청했습니다",
            "An official enrolled a citizen at the counter, with the citizen's consent",
        ),
        "cohort.enrolled": ("교육을 신청했습니다", "Somebody enrolled in a course"),
        "cohort.left": ("교육 신청을 취소했습니다", "Somebody left a course"),
        "cohort.attended": ("교육 출석을 확인했습니다", "Attendance of a course was noted"),
        "cohort.completed": ("교육 이수를 확인했습니다", "Completion of a course was noted"),
        "cohort.headcount_reported": ("교육 참석 인원을 알렸습니다", "The number of people in a course was reported"),
        "space.opened": ("예약할 수 있는 공간을 열었습니다", "A space was opened for booking"),
        "space.changed": ("공간 안내를 바꾸었습니다", "What is said of a space was changed"),
        "slots.cleared": (
            "아무도 신청하지 않은 예약 시간을 거두었습니다",
            "Slots that nobody had asked for were taken away",
        ),
        "slots.made": ("공간의 예약 시간을 만들었습니다", "Slots of a space were made"),
        "slot.closed": ("공간의 예약 시간을 닫았습니다", "A slot of a space was closed"),
        "slots.drawn": ("공간 예약 신청을 추첨했습니다", "Requests for slots were drawn by lot"),
        "booking.requested": ("공간 예약을 신청했습니다", "Somebody asked for a slot"),
        "booking.given": ("공간을 예약했습니다", "Somebody booked a slot"),
        "booking.waiting": ("공간 예약을 기다리기로 했습니다", "Somebody waits for a slot"),
        "booking.moved_up": ("기다리던 사람에게 예약을 넘겼습니다", "A slot went to somebody who waited"),
        "booking.changed": ("공간 예약 내용을 바꾸었습니다", "A booking was changed"),
        "booking.entered_for": (
            "창구에서 담당자가 시민을 대신해 공간을 예약했습니다",
            "An official booked a slot for a citizen at the counter",
        ),
        "booking.cancelled": ("공간 예약을 취소했습니다", "A booking was cancelled"),
        "booking.used": ("예약한 공간을 이용한 것을 확인했습니다", "A booking was noted as used"),
        "booking.missed": ("예약한 공간을 이용하지 않은 것을 기록했습니다", "A booking was noted as missed"),
        "booking.forgotten": ("끝난 예약의 이용 목적을 지웠습니다", "The purposes of ended bookings were forgotten"),
        "booker.forgotten": (
            "떠난 사람의 예약을 취소하고 이용 목적을 지웠습니다",
            "The bookings of somebody who left were given up and their purposes forgotten",
        ),
        "calendar.linked": ("개인 일정 주소를 만들었습니다", "Somebody made an address of their own calendar"),
        "calendar.unlinked": ("개인 일정 주소를 없앴습니다", "Somebody ended the address of their own calendar"),
    }
)
