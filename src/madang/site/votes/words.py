"""What the verbs that this room writes into the record mean."""

from madang.site.kit.words import add_words

add_words(
    {
        "vote.opened": ("투표가 시작되었습니다", "The vote was opened"),
        "ballots.sealed": ("투표지를 봉인했습니다", "Ballots were sealed"),
        "paper.entered": ("종이 투표지를 입력했습니다", "Paper ballots were entered"),
        "paper.confirmed": (
            "종이 투표지를 두 번째 담당자가 확인했습니다",
            "A second person confirmed paper ballots",
        ),
        "paper.rejected": ("종이 투표지 입력을 돌려보냈습니다", "Entered paper ballots were rejected"),
        "vote.counted": ("개표했습니다", "The vote was counted"),
        "vote.recounted": ("다시 개표했습니다", "The vote was recounted"),
        "turnout.handed_over": ("투표율을 넘겼습니다", "The turnout was handed over"),
        "voters.reminded": ("투표를 마치지 않은 분들께 알렸습니다", "Voters were reminded of ballots they began"),
        "voter.forgotten": ("시작한 투표의 흔적을 지웠습니다", "What a person had begun to vote on was forgotten"),
        "roll.destroyed": ("투표자 명부를 폐기했습니다", "The roll of voters was destroyed"),
        "circumstance.noted": ("투표 상황을 적었습니다", "A circumstance of the vote was noted"),
        "board.begun": ("암호 투표 게시판을 준비하기 시작했습니다", "A board for encrypted ballots was begun"),
        "board.withdrawn": ("암호 투표 게시판을 거두었습니다", "A board for encrypted ballots was withdrawn"),
        "board.set_up": (
            "암호 투표 게시판의 투표용지, 개표 참관인, 투표 열쇠 목록을 확정했습니다",
            "Ballot paper, trustees and credentials of a board were fixed",
        ),
        "board.rehearsed": (
            "암호 투표를 합성 투표자로 예행연습했습니다",
            "An encrypted vote was rehearsed with synthetic voters",
        ),
        "trustee.named": ("개표 열쇠 보관자를 정했습니다", "A trustee was named"),
        "trustee.link_renewed": ("개표 열쇠 보관자의 링크를 새로 만들었습니다", "A trustee got a new personal link"),
        "trustee.handed_in": ("개표 열쇠 보관자가 열쇠 자료를 냈습니다", "A trustee handed in a part of the keys"),
        "trustees.cleared": ("개표 열쇠 보관자를 처음부터 다시 정합니다", "The naming of trustees began anew"),
        "trustees.threshold": (
            "개표에 필요한 열쇠 보관자 수를 정했습니다",
            "How many members of the group of trustees must decrypt was fixed",
        ),
        "board.closed": ("암호 투표 게시판을 닫았습니다", "A board for encrypted ballots was closed"),
        "board.tallied": ("암호화된 투표지를 한데 모았습니다", "The encrypted tally was made"),
        "contribution.handed_in": ("개표 열쇠 보관자가 결과물을 냈습니다", "A trustee handed in a part of the tally"),
        "contribution.refused": (
            "개표 열쇠 보관자의 결과물이 검증을 통과하지 못했습니다",
            "What a trustee handed in did not verify",
        ),
        "shuffle.taken": ("투표지를 섞은 결과를 검증해 올렸습니다", "A verified shuffle was added"),
        "shuffles.ended": ("투표지 섞기를 마쳤습니다", "The shuffles ended"),
        "decryption.taken": ("개표 열쇠로 푼 결과를 검증해 올렸습니다", "A verified decryption was added"),
        "board.opened": ("암호화된 투표지를 열었습니다", "The encrypted ballots were opened"),
        "allotment.rule_chosen": ("예산 배정 규칙을 정했습니다", "The rule of an allotment was chosen"),
        "money.allotted": ("예산을 배정했습니다", "Money was allotted"),
    }
)
