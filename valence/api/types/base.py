"""The base of the types of request bodies: WSME's declarations, our messages.

WSME's own messages repeat the wrong value, which may be a password, and do
not say where in the body it was.
"""

from typing import Any, TypeVar

from oslo_utils import uuidutils
from wsme import types as wtypes

from valence.common import exception

B = TypeVar('B', bound='Body')


class Body(wtypes.Base):
    """A JSON object with known fields."""

    def given(self) -> dict[str, Any]:
        """Give the fields that were sent, nested ones as dicts too."""
        return {
            attribute.name: _plain(value)
            for attribute in wtypes.list_attributes(type(self))
            if (value := getattr(self, attribute.key)) is not wtypes.Unset
        }


class Text(wtypes.StringType):
    """A string of so many characters."""

    def __init__(self, least: int = 0, most: int = 255) -> None:
        super().__init__(min_length=least, max_length=most)

    def validate(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError('must be a string')
        if not self.min_length <= len(value) <= self.max_length:
            raise ValueError(
                f'must have {self.min_length} to {self.max_length} characters'
            )
        return value


class Name(Text):
    """A name, which may stand in a path."""

    def __init__(self) -> None:
        super().__init__(least=1)

    def validate(self, value: Any) -> str:
        name = super().validate(value)
        if '/' in name or not name.isprintable() or name != name.strip():
            raise ValueError(
                'must be printable, without / and without outer blanks'
            )
        if uuidutils.is_uuid_like(name):
            raise ValueError(
                'must not look like a uuid, by which things are found too'
            )
        return name


class Path(Text):
    """A path at a pod manager."""

    def __init__(self) -> None:
        super().__init__(least=1, most=512)

    def validate(self, value: Any) -> str:
        path = super().validate(value)
        if not path.startswith('/') or not path.isprintable():
            raise ValueError(
                'must be a path at the pod manager, which begins with /'
            )
        return path


class Number(wtypes.IntegerType):
    """A whole number; in a string too, as the original took it."""

    def __init__(self, least: int = 1, most: int = 2**31 - 1) -> None:
        super().__init__(minimum=least, maximum=most)

    def validate(self, value: Any) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit():
            value = int(value[:20])
        if not isinstance(value, int) or isinstance(value, bool):
            raise ValueError('must be a whole number')
        if not self.minimum <= value <= self.maximum:
            raise ValueError(f'must be {self.minimum} to {self.maximum}')
        return value


class Choice(wtypes.Enum):
    """One of some words."""

    def __init__(self, *words: str) -> None:
        super().__init__(str, *words)
        self.words = words

    def validate(self, value: Any) -> str:
        if not isinstance(value, str) or value not in self.words:
            raise ValueError(f'must be one of {", ".join(self.words)}')
        return value


class Flag(wtypes.UserType):
    """True or false."""

    basetype = bool
    name = 'boolean'

    def validate(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError('must be true or false')
        return value


class Nullable(wtypes.UserType):
    """Something, or null."""

    def __init__(self, inner: wtypes.UserType) -> None:
        self.inner = inner
        self.basetype = inner.basetype
        self.name = f'{inner.name} or null'

    def validate(self, value: Any) -> Any:
        return None if value is None else self.inner.validate(value)


def parse(kind: type[B], value: Any) -> B:
    """Check a body.

    :raises ValidationError: names each wrong field, and what it must be.
    """
    if not isinstance(value, dict):
        raise exception.ValidationError(
            detail='The body must be a JSON object, sent as application/json.'
        )
    reasons: list[str] = []
    result: B = _object(kind, value, '', reasons)
    if reasons:
        raise exception.ValidationError(
            detail='; '.join(reasons) + '.',
            reasons=reasons if len(reasons) > 1 else (),
        )
    return result


def _object(
    kind: Any, value: dict[str, Any], path: str, reasons: list[str]
) -> Any:
    result = kind()
    attributes = wtypes.list_attributes(kind)
    known = sorted(attribute.name for attribute in attributes)
    reasons.extend(
        f'{path}{name} is not known; known: {", ".join(known)}'
        for name in value
        if name not in known
    )
    for attribute in attributes:
        where = f'{path}{attribute.name}'
        if attribute.name in value:
            checked = _value(
                attribute.datatype, value[attribute.name], where, reasons
            )
            if checked is not wtypes.Unset:
                setattr(result, attribute.key, checked)
        elif attribute.mandatory:
            reasons.append(f'{where} is required')
    return result


def _value(kind: Any, value: Any, where: str, reasons: list[str]) -> Any:
    if wtypes.iscomplex(kind):
        if isinstance(value, dict):
            return _object(kind, value, f'{where}.', reasons)
        reasons.append(f'{where} must be a JSON object')
        return wtypes.Unset
    if isinstance(kind, wtypes.ArrayType):
        if isinstance(value, list) and value:
            return [
                _value(kind.item_type, item, f'{where}[{index}]', reasons)
                for index, item in enumerate(value)
            ]
        reasons.append(f'{where} must be a list with something in it')
        return wtypes.Unset
    try:
        return kind.validate(value)
    except ValueError as error:
        reasons.append(f'{where} {error}')
        return wtypes.Unset


def _plain(value: Any) -> Any:
    if isinstance(value, Body):
        return value.given()
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value
