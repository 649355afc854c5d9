"""The errors that the API shows with their own code."""


class UsualError(Exception):
    code = 500


class NotFound(UsualError):
    code = 404


class Conflict(UsualError):
    code = 409
