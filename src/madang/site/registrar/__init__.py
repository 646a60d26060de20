"""The registrar: a process of its own that hands out credentials for encrypted votes, one to every human."""
