"""What a walk over a pod manager finds."""


def walked(inventory, *types):
    """Give ``(url, type)`` of all; every part must have been read.

    :param types: of which; all if none are named.
    """
    found = {}
    for part in inventory.walk():
        if part.error is not None:
            raise AssertionError(f'{part.url}: {part.error}')
        for url, kind in part.found:
            found.setdefault(url, kind)
    return [pair for pair in found.items() if not types or pair[1] in types]


def urls(inventory, *types):
    """Give the urls of :func:`walked`."""
    return [url for url, _type in walked(inventory, *types)]


def errors(inventory):
    """Give the parts that could not be read, or not as a whole."""
    return [part for part in inventory.walk() if part.error is not None]
