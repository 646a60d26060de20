"""What the engine refuses, and why."""


class Refusal(ValueError):
    """Input with which no draw is possible; the text is a sentence that says what is wrong and where."""


class Infeasible(Refusal):
    """No panel meets all quotas; `relaxation` proposes the smallest change with which one does."""
