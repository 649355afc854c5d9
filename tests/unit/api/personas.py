"""Who may do what: personas, and for each route those whom it lets pass.

The thing that is asked for belongs to the project "ours".
"""

from valence.common.context import RequestContext

PROJECT = 'ours'

PERSONAS = {
    'admin': ('operators', ['admin', 'member', 'reader']),
    'member': (PROJECT, ['member', 'reader']),
    'reader': (PROJECT, ['reader']),
    'other': ('theirs', ['member', 'reader']),
    'nobody': (None, []),
}

OPEN = set(PERSONAS)
READERS = {'admin', 'member', 'reader'}
MEMBERS = {'admin', 'member'}
ADMINS = {'admin'}

ALLOWED = {
    ('GET', '/'): OPEN,
    ('GET', '/healthcheck'): OPEN,
    ('GET', '/v1'): OPEN,
    ('GET', '/v1/chassis'): ADMINS,
    ('GET', '/v1/chassis/{chassis}'): ADMINS,
    ('GET', '/v1/devices'): ADMINS,
    ('GET', '/v1/devices/{device}'): ADMINS,
    ('POST', '/v1/devices/sync'): ADMINS,
    ('POST', '/v1/events/{pod_manager}/{token}'): OPEN,
    ('GET', '/v1/flavors'): READERS,
    ('POST', '/v1/flavors'): MEMBERS,
    ('GET', '/v1/flavors/{flavor}'): READERS,
    ('PATCH', '/v1/flavors/{flavor}'): MEMBERS,
    ('DELETE', '/v1/flavors/{flavor}'): MEMBERS,
    ('GET', '/v1/nodes'): READERS,
    ('POST', '/v1/nodes'): MEMBERS,
    ('POST', '/v1/nodes/manage'): ADMINS,
    ('GET', '/v1/nodes/{node}'): READERS,
    ('PATCH', '/v1/nodes/{node}'): MEMBERS,
    ('DELETE', '/v1/nodes/{node}'): MEMBERS,
    ('POST', '/v1/nodes/{node}/action'): MEMBERS,
    ('GET', '/v1/pod_managers'): ADMINS,
    ('POST', '/v1/pod_managers'): ADMINS,
    ('GET', '/v1/pod_managers/{pod_manager}'): ADMINS,
    ('PATCH', '/v1/pod_managers/{pod_manager}'): ADMINS,
    ('DELETE', '/v1/pod_managers/{pod_manager}'): ADMINS,
    ('POST', '/v1/pod_managers/{pod_manager}/sync'): ADMINS,
    ('GET', '/v1/resources'): READERS,
    ('GET', '/v1/resources/{resource}'): READERS,
    ('GET', '/v1/racks'): ADMINS,
    ('GET', '/v1/racks/{rack}'): ADMINS,
    ('GET', '/v1/services'): ADMINS,
    ('PATCH', '/v1/services/{service}'): ADMINS,
    ('GET', '/v1/systems'): ADMINS,
    ('GET', '/v1/systems/{system}'): ADMINS,
    ('POST', '/v1/systems/{system}/action'): ADMINS,
    ('GET', '/v1/systems/{system}/inventory'): ADMINS,
    ('GET', '/v1/tasks'): READERS,
    ('GET', '/v1/tasks/{task}'): READERS,
    ('DELETE', '/v1/tasks/{task}'): MEMBERS,
    ('POST', '/v1/tasks/{task}/cancel'): MEMBERS,
}


def context(persona, **more):
    project_id, roles = PERSONAS[persona]
    return RequestContext(
        project_id=project_id,
        user_id=persona,
        roles=roles,
        overwrite=False,
        **more,
    )
