"""What a request names, and is not there."""

from valence.common.exception.base import ValenceError


class NotFound(ValenceError):
    status = 404
    title = 'Resource could not be found'
    template = '%(detail)s'


class PodManagerNotFound(NotFound):
    template = 'Pod Manager %(podm)s not found in database.'


class NodeNotFound(NotFound):
    template = 'Node %(node)s not found in database.'


class FlavorNotFound(NotFound):
    template = 'Flavor %(flavor)s not found in database.'


class SystemNotFound(NotFound):
    template = 'System %(system)s not found in database.'


class RackNotFound(NotFound):
    template = 'Rack %(rack)s not found in database.'


class ChassisNotFound(NotFound):
    template = 'Chassis %(chassis)s not found in database.'


class DeviceNotFound(NotFound):
    template = 'Device %(device)s not found in database.'


class ResourceNotFound(NotFound):
    template = 'Resource %(resource)s not found in database.'


class TaskNotFound(NotFound):
    template = 'Task %(task)s not found in database.'


class ServiceNotFound(NotFound):
    template = 'Service %(service)s not found in database.'


class DriverNotFound(NotFound):
    title = 'Unsupported Driver Specified'
    template = 'Driver %(driver)s is not known; known drivers: %(known)s.'
