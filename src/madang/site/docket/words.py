"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "stage.opened": ("단계가 열렸습니다", "The stage was opened"),
        "stage.closed": ("단계가 마감되었습니다", "The stage was closed"),
        "matter.filed": ("안건이 접수되었습니다", "The matter was filed"),
        "matter.passed": ("다음 단계로 넘어갔습니다", "It was passed on to the next stage"),
        "matter.ended": ("이 절차에서 마무리되었습니다", "Its journey in this process ended"),
        "matter.readmitted": ("다시 절차에 올랐습니다", "It was taken back in"),
        "matter.taken_back": ("결정을 거두어 다시 검토합니다", "The decision was taken back"),
        "matter.linked": ("다른 안건과 연결되었습니다", "It was linked to another matter"),
        "matter.followed": ("누군가 관심 안건으로 담았습니다", "Somebody follows it"),
        "matter.unfollowed": ("누군가 관심 안건에서 뺐습니다", "Somebody follows it no more"),
        "search.saved": ("새 안건을 알릴 목록을 저장했습니다", "A list was saved"),
        "search.forgotten": ("저장한 목록을 지웠습니다", "A saved list was forgotten"),
        "reader.chose": ("알림을 받는 방법을 정했습니다", "Somebody chose how notices come"),
        "notices.mailed": ("알림을 이메일로 보냈습니다", "Notices were mailed"),
        "notices.read": ("알림을 읽었습니다", "Notices were read"),
        "reader.forgotten": ("관심 안건과 알림을 지웠습니다", "What somebody followed and was told was deleted"),
        "process.rescheduled": ("공개된 일정을 바꾸었습니다", "Public days of a process were changed"),
    }
)
