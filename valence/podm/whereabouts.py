"""Finds a node of ours at its pod manager.

Pod managers give a url again after a node is gone. So before a node is taken
apart it is made sure that what is at its url is the node, and not the next one
there.
"""

from valence.common import exception
from valence.objects.node import Node
from valence.podm.base import Compute


def url_of(compute: Compute, node: Node) -> str | None:
    """Give the url of a node; None if it is nowhere.

    Where its url cannot be read it is believed.

    :raises PodManagerError: if the pod manager is away.
    """
    url = node.resource_url
    if url is None or _is_anothers(compute, node, url):
        return compute.find_node(node.tag)
    return url


def _is_anothers(compute: Compute, node: Node, url: str) -> bool:
    try:
        return not node.is_at(compute.get_node(url))
    except (exception.PodManagerRefused, exception.PodManagerMalformed):
        return False
