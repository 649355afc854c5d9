"""What stands against a request, as things are."""

from valence.common.exception.base import ValenceError


class Conflict(ValenceError):
    status = 409
    title = 'Conflict'
    template = '%(detail)s'


class NodeNameTaken(Conflict):
    title = 'Resource Already Exists'
    template = 'A node named %(name)s exists already: choose another name.'


class NodeManaged(Conflict):
    title = 'Resource Already Exists'
    template = "Node '%(node)s' already managed by Valence"


class NodeNotAdoptable(Conflict):
    template = (
        'Node %(node)s at Pod Manager %(podm)s cannot be adopted: %(why)s.'
    )


class FlavorNameTaken(Conflict):
    title = 'Resource Already Exists'
    template = 'A flavor named %(name)s exists already: choose another name.'


class NameNotUnique(Conflict):
    template = (
        'More than one %(kind)s is named %(name)s: use the uuid instead.'
    )


class Busy(Conflict):
    """Something carries at most one changing task at a time."""

    template = (
        '%(kind)s %(name)s is being changed by task %(task)s: wait until it '
        'has ended.'
    )


class NodeNotReady(Conflict):
    template = 'Node %(node)s is %(state)s: %(action)s needs a composed node.'


class PodManagerInUse(Conflict):
    template = (
        'Pod Manager %(podm)s has composed nodes: delete them first, or '
        'delete it with force=true. Nodes: %(nodes)s.'
    )


class NodesLeft(Conflict):
    title = 'Nodes could not be taken apart'
    template = (
        'Pod Manager %(podm)s was not deleted: node %(node)s could not be '
        'taken apart: %(why)s Nodes that are left: %(nodes)s. Where the pod '
        'manager does not come back, delete each of them with force=true, '
        'which gives it up, and then the pod manager.'
    )


class TaskNotEnded(Conflict):
    template = 'Task %(task)s is %(status)s: only an ended task is deleted.'


class TaskEnded(Conflict):
    template = (
        'Task %(task)s is %(status)s: only one that is in progress can be '
        'cancelled.'
    )


class Cancelled(Conflict):
    """What a cancelled task tells to who waited for it."""

    title = 'Cancelled'
    error_code = 'cancelled'
    template = 'The task was cancelled, and what it had begun was undone.'


class NoMatchingSystem(Conflict):
    """No pod manager, or not the one asked for, has what was asked for."""

    title = 'No matching system'
    template = '%(detail)s'


class AllocationFailed(NoMatchingSystem):
    title = 'Allocation failed'
    template = (
        'Pod Manager %(podm)s accepted to allocate a node, and did not do it.'
    )


class ChangeFailed(Conflict):
    """A change that a pod manager had accepted."""

    title = 'Change failed'
    template = (
        'Pod Manager %(podm)s accepted %(what)s, and says that it failed.'
    )


class CompositionFailed(Conflict):
    title = 'Composition failed'
    template = (
        'Pod Manager %(podm)s did not assemble the node: it reports state '
        '%(state)s. The half-made node was deleted there.'
    )


class NeedsAttention(Conflict):
    """Whether an operation took effect cannot be known: a person must look."""

    title = 'Needs attention'
    error_code = 'needs_attention'
    template = '%(detail)s'
