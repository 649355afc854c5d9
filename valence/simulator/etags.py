"""ETags: by what a document is known, and whether it is still the same."""

import hashlib
import re

_TAG = re.compile(r'"([^"]*)"')


def of(form: str, body: bytes) -> str:
    """Return the ETag of what is sent.

    :param form: a weak or a strong one, with a place for the tag
    """
    return form.format(hashlib.blake2b(body, digest_size=8).hexdigest())


def match(header: str, etag: str) -> bool:
    """Tell whether an ETag is among those of a header.

    Weak ones count as well.  RFC 9110 would not have them in If-Match, but
    then nobody could use what services with weak ETags send.
    """
    return header.strip() == '*' or bool(
        set(_TAG.findall(etag)) & set(_TAG.findall(header))
    )
