"""What happens by chance, the same again for the same seed."""

import functools
import hashlib
import random


class Chance:
    """A source of chance of its own, for each pod."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    @functools.cached_property
    def random(self) -> random.Random:
        """The source itself."""
        # Made on demand: it is large, and most pods never need it.
        return random.Random(self._seed)  # noqa: S311

    def happens(self, share: float) -> bool:
        """Tell whether something happens that does so in a share of cases."""
        return self.random.random() < share

    def always(self, name: str, share: float) -> bool:
        """Tell whether a thing is one of a share, each time the same."""
        digest = hashlib.sha256(f'{self._seed}/{name}'.encode()).digest()
        return int.from_bytes(digest[:8]) < share * 2**64

    def between(self, span: float | list[float]) -> float:
        """Return a number, or one between the least and the most."""
        if isinstance(span, list):
            return self.random.uniform(*span)
        return span
