"""The database API: each call a session, and a transaction, of its own."""

import threading
from typing import Any, TypeVar

from oslo_config import cfg
from oslo_db import api as oslo_db_api
from oslo_db import exception as db_exception
from oslo_db.sqlalchemy import enginefacade
from oslo_utils import uuidutils

from bench.usual import exception
from bench.usual.db import models

M = TypeVar('M', bound=models.UsualBase)

_CONTEXT = threading.local()
_manager = enginefacade.transaction_context()


def start() -> None:
    _manager.configure(connection=cfg.CONF.database.connection)


def create_schema() -> None:
    models.Base.metadata.create_all(_manager.writer.get_engine())


@oslo_db_api.wrap_db_retry(max_retries=5, retry_on_deadlock=True)
def create(model: type[M], values: dict[str, Any]) -> M:
    row = model()
    row.update({'uuid': uuidutils.generate_uuid(), **values})
    with _manager.writer.using(_CONTEXT) as session:
        try:
            session.add(row)
            session.flush()
        except db_exception.DBDuplicateEntry as error:
            raise exception.Conflict(str(values.get('name'))) from error
        return row


def get_by_uuid(model: type[M], uuid: str) -> M:
    with _manager.reader.using(_CONTEXT) as session:
        row = session.query(model).filter_by(uuid=uuid).first()
        if row is None:
            raise exception.NotFound(f'{model.__tablename__} {uuid}')
        return row


@oslo_db_api.wrap_db_retry(max_retries=5, retry_on_deadlock=True)
def update(model: type[M], uuid: str, values: dict[str, Any]) -> M:
    with _manager.writer.using(_CONTEXT) as session:
        query = session.query(model).filter_by(uuid=uuid)
        row = query.with_for_update().one_or_none()
        if row is None:
            raise exception.NotFound(f'{model.__tablename__} {uuid}')
        row.update(values)
        return row
