"""What holds for every test: no chance, and no clock that a busy machine could lose against."""

from hypothesis import settings

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=150)
settings.load_profile("steady")
