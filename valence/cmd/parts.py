"""How each service is put together, alone or with others in one process."""

from collections.abc import Callable, Iterator, Sequence

from oslo_config import cfg
from oslo_utils import uuidutils

from valence.cmd.shared import Closing, Listener, Shared, StateReport, Tidying
from valence.common import service
from valence.common.bus import Bus, Endpoint
from valence.common.cache import Cache, make_region
from valence.common.http_addresses import networks
from valence.common.http_cache import Documents
from valence.common.http_client import Limits
from valence.common.rpc import RpcBus
from valence.compute import manager as compute
from valence.compute import rpcapi as compute_rpcapi
from valence.compute.handlers.boot import BootNode, BootSystem
from valence.compute.handlers.compose import Compose
from valence.compute.handlers.decompose import Decompose
from valence.compute.handlers.manage import Manage
from valence.compute.handlers.pending import Timing
from valence.compute.handlers.power import ResetNode, ResetSystem
from valence.conductor import manager as conductor
from valence.conductor import rpcapi as conductor_rpcapi
from valence.conductor.handlers.delete_pod_manager import DeletePodManager
from valence.conductor.handlers.probe import Probe
from valence.conductor.handlers.schedule import Schedule
from valence.conductor.handlers.sync import Sync
from valence.conductor.listening import Bounds, Listening, Who
from valence.conductor.rounds import Rounds
from valence.conductor.scheduler import Scheduler
from valence.conductor.subscribing import (
    Subscriber,
    Subscribing,
    Unsubscribing,
)
from valence.db.connect import connect
from valence.network import manager as network
from valence.network import rpcapi as network_rpcapi
from valence.podm.live import Live
from valence.podm.pool import Pool
from valence.podm.readers import Readers
from valence.storage import manager as storage
from valence.storage import rpcapi as storage_rpcapi
from valence.tasks.breaker import Breaker
from valence.tasks.doorbell import Doorbell
from valence.tasks.events import Reception
from valence.tasks.handler import Handler
from valence.tasks.worker import Worker

_CONDUCTOR = 'valence-conductor'
_MIB = 1024 * 1024
#: Pod managers of one list that are begun to be read at once.
_READS = 32


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


def _live(conf: cfg.ConfigOpts, pool: Pool) -> Live:
    readers = Readers(
        width=_READS,
        most=conf.inventory.readers,
        each=conf.http_client.max_connections,
    )
    region = make_region(conf, conf.inventory.cache_mib * _MIB)
    return Live(
        pool,
        Cache(region),
        readers,
        ttl=conf.inventory.ttl,
        deadline=conf.http_client.timeout,
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


def _listening(shared: Shared) -> Listening:
    conf = shared.conf
    return Listening(
        shared.database,
        shared.pool,
        Reception(shared.database, interval=conf.events.interval),
        who=Who(conf.host, _CONDUCTOR, conf.service_down_time),
        bounds=Bounds(
            most=conf.events.max_streams,
            idle=conf.events.stream_idle,
            interval=conf.report_interval,
        ),
    )


def conductor_parts(shared: Shared) -> Iterator[service.Part]:
    conf, database, pool = shared.conf, shared.database, shared.pool

    def rounds(doorbell: Doorbell) -> Iterator[service.Part]:
        yield Rounds(
            database,
            doorbell,
            interval=conf.tasks.sweep_interval,
            probe_pause=conf.tasks.breaker_pause,
        )
        wanted = conf.events.sse or not conf.events.destination
        if wanted and conf.events.max_streams:
            yield _listening(shared)

    subscriber = Subscriber(
        database, pool, destination=conf.events.destination
    )
    yield from _service(
        shared,
        _CONDUCTOR,
        conductor_rpcapi.TOPIC,
        conductor.ConductorManager(
            database,
            pool,
            probe_timeout=conf.conductor.probe_timeout,
            down_time=conf.service_down_time,
        ),
        [
            Schedule(Scheduler(database)),
            Subscribing(
                Sync(database, pool, interval=conf.conductor.sync_interval),
                subscriber,
            ),
            Probe(database, pool),
            Unsubscribing(DeletePodManager(database, pool), subscriber),
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
            _live(conf, pool),
            # The answer has to be back before the caller gives up.
            patience=conf.rpc_call_timeout * 0.8,
        ),
        [
            Compose(database, pool, host=conf.host, timing=timing),
            Decompose(database, pool, timing=timing),
            Manage(database, pool, host=conf.host),
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
