"""WSME's types, for what comes in and for what goes out."""

import datetime
from typing import Any

from wsme import types as wtypes


class JsonType(wtypes.UserType):
    """Any JSON, as in ironic and magnum."""

    basetype = str
    name = 'json'

    @staticmethod
    def validate(value: Any) -> Any:
        return value


class UuidType(wtypes.UserType):
    basetype = str
    name = 'uuid'

    @staticmethod
    def validate(value: str) -> str:
        if not isinstance(value, str) or len(value) != 36:
            raise ValueError(f'Expected a uuid but received {value}')
        return value


json = JsonType()
uuid = UuidType()


class Base(wtypes.Base):
    @classmethod
    def from_row(cls, values: dict[str, Any]) -> Any:
        names = {attribute.key for attribute in wtypes.list_attributes(cls)}
        return cls(
            **{name: value for name, value in values.items() if name in names}
        )


class Processor(wtypes.Base):
    total_cores = wtypes.IntegerType(minimum=1)
    model = wtypes.StringType(max_length=255)
    instruction_set = wtypes.StringType(max_length=255)
    speed_mhz = wtypes.IntegerType(minimum=1)


class Memory(wtypes.Base):
    capacity_mib = wtypes.IntegerType(minimum=1)
    type = wtypes.StringType(max_length=255)
    speed_mhz = wtypes.IntegerType(minimum=1)


class LocalDrive(wtypes.Base):
    capacity_gib = wtypes.IntegerType(minimum=1)
    type = wtypes.Enum(str, 'SSD', 'HDD')


class Network(wtypes.Base):
    speed_mbps = wtypes.IntegerType(minimum=1)


class Properties(wtypes.Base):
    processor = Processor
    memory = Memory
    local_drive = LocalDrive
    network = Network


class NodeCreate(wtypes.Base):
    name = wtypes.wsattr(
        wtypes.StringType(min_length=1, max_length=255), mandatory=True
    )
    description = wtypes.StringType(max_length=1000)
    podm_id = uuid
    properties = Properties


class NodeAccepted(Base):
    """What the 202 says."""

    uuid = uuid
    name = wtypes.text
    podm_id = wtypes.text
    index = wtypes.text
    resource_uri = wtypes.text
    state = wtypes.text
    task_uuid = uuid


class Task(Base):
    uuid = uuid
    action = wtypes.text
    status = wtypes.text
    state = wtypes.text
    step = wtypes.text
    percent = int
    message = wtypes.text
    request = json
    result = json
    error = json
    podm_id = wtypes.text
    resource_type = wtypes.text
    resource_uuid = wtypes.text
    project_id = wtypes.text
    user_id = wtypes.text
    request_id = wtypes.text
    attempt = int
    created_at = datetime.datetime
    updated_at = datetime.datetime
    started_at = datetime.datetime
    finished_at = datetime.datetime


class FlavorCreate(wtypes.Base):
    name = wtypes.wsattr(
        wtypes.StringType(min_length=1, max_length=255), mandatory=True
    )
    description = wtypes.StringType(max_length=1000)
    properties = wtypes.wsattr(Properties, mandatory=True)


class Flavor(Base):
    uuid = uuid
    name = wtypes.text
    description = wtypes.text
    properties = json
    project_id = wtypes.text
    created_at = wtypes.text
    updated_at = wtypes.text


class Link(wtypes.Base):
    href = wtypes.text
    rel = wtypes.text


class MediaType(wtypes.Base):
    base = wtypes.text
    type = wtypes.text


class V1(wtypes.Base):
    """The version document, with the fields of Valence's."""

    id = wtypes.text
    status = wtypes.text
    min_version = wtypes.text
    links = [Link]
    media_types = [MediaType]
    flavors = [Link]
    nodes = [Link]
    pod_managers = [Link]
    services = [Link]
    systems = [Link]
    tasks = [Link]
