"""Log in and out."""

from valence.simulator import errors, exchange, shapes, validation
from valence.simulator.documents import sessions as documents


def login(call: exchange.Call) -> exchange.Reply:
    """Open a session; the only answer that has its token."""
    body = call.json()
    validation.check(body, shapes.LOGIN)
    username, password = body.get('UserName'), body.get('Password')
    if username is None or password is None:
        raise errors.invalid_payload('UserName and Password are required.')
    limits = call.pod.mode('sessions', {})
    session = call.pod.sessions.open(username, password, **limits)
    return exchange.Reply(
        201,
        documents.session(session),
        {
            'Location': documents.path_of(session),
            'X-Auth-Token': session.token,
        },
    )


def logout(call: exchange.Call, session_id: str) -> exchange.Reply:
    """Close a session."""
    if not call.pod.sessions.close(session_id):
        raise errors.unknown_endpoint(f'{documents.PATH}/{session_id}')
    return exchange.no_content()
