"""The verifiable vote: the board that holds an election's archive, casting into it, and the tally."""
