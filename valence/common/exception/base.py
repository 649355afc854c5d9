"""The base of all errors, and the shape that they are shown in."""

import http
from collections.abc import Mapping, Sequence
from typing import Any


class ValenceError(Exception):
    """An error with a meaning for the user.

    :param reasons: single causes, in the user's terms, where there are
        several (validation, scheduling, a pod manager's ExtendedInfo).
    :param kwargs: what the class's template names.
    :raises KeyError: if the template names something that was not given.
    """

    status = 500
    title = 'Internal error'
    template = 'An unexpected error occurred.'
    #: A machine-readable word; the HTTP reason phrase where there is none.
    error_code: str | None = None

    def __init__(self, reasons: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__()
        self.reasons = list(reasons)
        self.kwargs: dict[str, Any] = dict(kwargs)
        if self.reasons:
            self.kwargs['reasons'] = self.reasons
        self.detail = self.template % kwargs

    def __str__(self) -> str:
        return self.detail

    def to_dict(self) -> dict[str, Any]:
        """Give the error as the API and a failed task show it."""
        return error_body(
            status=self.status,
            code=self.error_code,
            title=self.title,
            detail=self.detail,
            reasons=self.reasons,
        )


def error_body(
    *,
    status: int,
    title: str,
    detail: str,
    code: str | None = None,
    reasons: Sequence[str] = (),
) -> dict[str, Any]:
    """Give the one shape of an error, without its request id."""
    body: dict[str, Any] = {
        'status': status,
        'code': code or http.HTTPStatus(status).phrase,
        'title': title,
        'detail': detail,
    }
    if reasons:
        body['reasons'] = list(reasons)
    return body


class TaskFailed(ValenceError):
    """The stored error of a task, told again to who waited for it."""

    template = '%(detail)s'

    def __init__(self, **kwargs: Any) -> None:
        error: Mapping[str, Any] = kwargs['error']
        super().__init__(
            reasons=error.get('reasons', ()), detail=error['detail']
        )
        self.kwargs = kwargs
        self.status = error['status']
        self.title = error['title']
        self.error_code = error['code']
