"""The sides by name."""

# Chooses the backend of oslo.service before oslo.messaging is loaded.
import valence  # noqa: F401  isort: skip
from bench.messaging.bare_kombu import Kombu
from bench.messaging.sides import Oslo, Ours, Side

SIDES: dict[str, type[Side]] = {'ours': Ours, 'oslo': Oslo, 'kombu': Kombu}
