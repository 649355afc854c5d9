"""The session service and its sessions.  A token is never shown here."""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator import sessions
from valence.simulator.documents import common

SERVICE = f'{layouts.ROOT}/SessionService'
PATH = f'{SERVICE}/Sessions'


def service(pod: pods.Pod) -> common.Json:
    """Return the session service."""
    return {
        **common.header(
            SERVICE,
            'SessionService.v1_1_3.SessionService',
            'SessionService',
            'Session Service',
        ),
        'ServiceEnabled': True,
        'SessionTimeout': sessions.TIMEOUT_SECONDS,
        'Status': common.OK,
        'Sessions': common.link(PATH),
    }


def path_of(one: sessions.Session) -> str:
    """Return the path of a session."""
    return f'{PATH}/{one.id}'


def collection(pod: pods.Pod) -> common.Json:
    """Return the open sessions."""
    return common.collection(
        PATH,
        'SessionCollection',
        'Session Collection',
        map(path_of, pod.sessions.all()),
    )


def session(one: sessions.Session) -> common.Json:
    """Return a session."""
    return {
        **common.header(
            path_of(one),
            'Session.v1_1_0.Session',
            one.id,
            f'Session of {one.username}',
        ),
        'UserName': one.username,
    }
