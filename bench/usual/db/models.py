"""The models of the ORM; the columns are those of Valence's tables."""

import json
from typing import Any

import sqlalchemy as sa
from oslo_db.sqlalchemy import models
from sqlalchemy import orm
from sqlalchemy.types import TypeDecorator


class JsonText(TypeDecorator[Any]):
    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else json.dumps(value)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else json.loads(value)


class UsualBase(models.TimestampMixin, models.ModelBase):
    def as_dict(self) -> dict[str, Any]:
        return {
            column.name: self[column.name] for column in self.__table__.columns
        }


Base = orm.declarative_base(cls=UsualBase)


class Node(Base):
    __tablename__ = 'nodes'
    __table_args__ = (
        sa.UniqueConstraint('uuid'),
        sa.UniqueConstraint('project_id', 'name'),
        sa.Index('idx_nodes_podm', 'podm_id'),
    )
    id = sa.Column(sa.BigInteger, primary_key=True)
    uuid = sa.Column(sa.String(36), nullable=False)
    name = sa.Column(sa.String(255), nullable=False)
    description = sa.Column(sa.Text)
    podm_id = sa.Column(sa.String(36))
    resource_url = sa.Column(sa.String(512))
    index = sa.Column(sa.String(255))
    system_url = sa.Column(sa.String(512))
    requirements = sa.Column(JsonText)
    project_id = sa.Column(sa.String(64))
    user_id = sa.Column(sa.String(64))
    state = sa.Column(sa.String(32))
    host = sa.Column(sa.String(255))
    task_uuid = sa.Column(sa.String(36))


class Task(Base):
    __tablename__ = 'tasks'
    __table_args__ = (
        sa.UniqueConstraint('uuid'),
        sa.Index('idx_tasks_resource', 'resource_uuid'),
    )
    id = sa.Column(sa.BigInteger, primary_key=True)
    uuid = sa.Column(sa.String(36), nullable=False)
    action = sa.Column(sa.String(64))
    state = sa.Column(sa.String(16))
    step = sa.Column(sa.String(64))
    percent = sa.Column(sa.Integer)
    message = sa.Column(sa.Text)
    request = sa.Column(JsonText)
    result = sa.Column(JsonText)
    error = sa.Column(JsonText)
    podm_id = sa.Column(sa.String(36))
    resource_type = sa.Column(sa.String(64))
    resource_uuid = sa.Column(sa.String(36))
    project_id = sa.Column(sa.String(64))
    user_id = sa.Column(sa.String(64))
    request_id = sa.Column(sa.String(64))
    attempt = sa.Column(sa.Integer)
    started_at = sa.Column(sa.DateTime)
    finished_at = sa.Column(sa.DateTime)


class Flavor(Base):
    __tablename__ = 'flavors'
    __table_args__ = (
        sa.UniqueConstraint('uuid'),
        sa.UniqueConstraint('name'),
    )
    id = sa.Column(sa.BigInteger, primary_key=True)
    uuid = sa.Column(sa.String(36), nullable=False)
    name = sa.Column(sa.String(255), nullable=False)
    description = sa.Column(sa.Text)
    properties = sa.Column(JsonText)
    project_id = sa.Column(sa.String(64))
