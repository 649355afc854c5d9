"""How each service is put together, alone or with others in one process."""

from collections.abc import Callable, Iterator, Sequence

from oslo_config import cfg
from oslo_utils import uuidutils

from valence.cmd.shared import Closing, Listener, Shared, StateReport, Tidying
from valence.common import service
from valence.common.bus import Bus, Endpoint
from valence.common.http_addresses import networks
from valence.common.http_cache import Documents
from valence.common.http_client import Limits
from valence.common.rpc import RpcBus
from valence.compute import manager as compute
from valence.compute import rpcapi as compute_rpcapi
from valence.compute.handlers.boot import BootNode, BootSystem
from valence.compute.handlers.compose import Compose
from valence.compute.handlers.decompose import Decompose
from valence.compute.handlers.pending import Timing
from valence.compute.handlers.power import ResetNode, ResetSystem
from valence.conductor import manager as conductor
from valence.conductor import rpcapi as conductor_rpcapi
from valence.conductor.handlers.delete_pod_manager import DeletePodManager
from valence.conductor.handlers.probe import Probe
from valence.conductor.handlers.schedule import Schedule
from valence.conductor.handlers.sync import Sync
from valence.conductor.rounds import Rounds
from valence.conductor.scheduler import Scheduler
from valence.db.connect import connect
from valence.network import manager as network
from valence.network import rpcapi as network_rpcapi
from valence.podm.pool import Pool
from valence.storage import manager as storage
from valence.storage import rpcapi as storage_rpcapi
from valence.tasks.breaker import Breaker
from valence.tasks.doorbell import Doorbell
from valence.tasks.handler import Handler
from valence.tasks.worker import Worker

_MIB = 1024 * 1024


def share(conf: cfg.ConfigOpts, bus: Bus) -> Shared:
    """Open what a process needs once."""
    database = connect(conf)
    breaker = Breaker(
        database,
        failures=conf.tasks.breaker_failures,
        pause=conf.tasks.breaker_pause,
    )
    return Shared(
        conf=conf,
        database=database,
        bus=bus,
        pool=Pool(_limits(conf), breaker),
        boot_id=uuidutils.generate_uuid(),
    )


def base_parts(shared: Shared) -> Iterator[service.Part]:
    """Yield what a process has once, whatever services are in it."""
    yield Closing(shared.close)
    yield Tidying(shared)


def _limits(conf: cfg.ConfigOpts) -> Limits:
    options = conf.http_client
    return Limits(
        connect_timeout=options.connect_timeout,
        timeout=options.timeout,
        change_timeout=options.change_timeout,
        max_connections=options.max_connections,
        max_body=options.max_body_mib * _MIB,
        allowed_networks=networks(options.allowed_networks),
        documents=Documents(options.cache_mib * _MIB),
    )


def _service(
    shared: Shared,
    binary: str,
    topic: str,
    endpoint: Endpoint,
    handlers: Sequence[Handler],
    also: Callable[[Doorbell], Iterator[service.Part]] = lambda _bell: iter(
        ()
    ),
) -> Iterator[service.Part]:
    """Yield the parts of a service, each to be started before the next.

    :param also: gives more of them.
    """
    conf = shared.conf
    doorbell = Doorbell(shared.bus)
    yield doorbell
    worker = Worker(
        topic,
        handlers,
        database=shared.database,
        doorbell=doorbell,
        owner=shared.owner,
        threads=conf.tasks.threads,
        short_threads=conf.tasks.short_threads,
        lease=conf.tasks.lease,
        sweep_interval=conf.tasks.sweep_interval,
    )
    yield worker
    yield from also(doorbell)
    yield Listener(shared, topic, endpoint, worker)
    yield StateReport(shared, binary, topic, worker)


def conductor_parts(shared: Shared) -> Iterator[service.Part]:
    conf, database, pool = shared.conf, shared.database, shared.pool

    def rounds(doorbell: Doorbell) -> Iterator[service.Part]:
        yield Rounds(
            database,
            doorbell,
            interval=conf.tasks.sweep_interval,
            probe_pause=conf.tasks.breaker_pause,
        )

    yield from _service(
        shared,
        'valence-conductor',
        conductor_rpcapi.TOPIC,
        conductor.ConductorManager(
            database,
            pool,
            probe_timeout=conf.conductor.probe_timeout,
            down_time=conf.service_down_time,
        ),
        [
            Schedule(Scheduler(database)),
            Sync(database, pool, interval=conf.conductor.sync_interval),
            Probe(database, pool),
            DeletePodManager(database, pool),
        ],
        also=rounds,
    )


def compute_parts(shared: Shared) -> Iterator[service.Part]:
    conf, database, pool = shared.conf, shared.database, shared.pool
    timing = Timing(
        poll=conf.tasks.poll_interval,
        settle=conf.http_client.change_timeout,
        give_up=conf.tasks.assemble_timeout,
    )
    yield from _service(
        shared,
        'valence-compute',
        compute_rpcapi.TOPIC,
        compute.ComputeManager(
            database,
            pool,
            # The answer has to be back before the caller gives up.
            patience=conf.rpc_call_timeout * 0.8,
            threads=conf.rpc_threads,
        ),
        [
            Compose(database, pool, host=conf.host, timing=timing),
            Decompose(database, pool, timing=timing),
            ResetNode(database, pool, timing=timing),
            ResetSystem(database, pool, timing=timing),
            BootNode(database, pool, timing=timing),
            BootSystem(database, pool, timing=timing),
        ],
    )


def network_parts(shared: Shared) -> Iterator[service.Part]:
    yield from _service(
        shared,
        'valence-network',
        network_rpcapi.TOPIC,
        network.NetworkManager(),
        [],
    )


def storage_parts(shared: Shared) -> Iterator[service.Part]:
    yield from _service(
        shared,
        'valence-storage',
        storage_rpcapi.TOPIC,
        storage.StorageManager(),
        [],
    )


def alone(
    conf: cfg.ConfigOpts, parts: Callable[[Shared], Iterator[service.Part]]
) -> Callable[[], Iterator[service.Part]]:
    """Give what builds one service in a process of its own."""

    def build() -> Iterator[service.Part]:
        shared = share(conf, RpcBus(conf))
        yield from base_parts(shared)
        yield from parts(shared)

    return build
