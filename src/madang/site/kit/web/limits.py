"""What a page raises when somebody tries too often; the counting itself needs a table and lives in people."""

from madang.site.kit.verdict import Refused


class TooMany(Refused):
    """Too many attempts in the window; the message says when to try again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds
