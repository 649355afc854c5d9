"""Tasks of a pod manager, as they are sent, and answers of a monitor."""

import datetime
import email.utils

SERVICE = '/redfish/v1/TaskService'
TASKS = f'{SERVICE}/Tasks'
TASK = f'{TASKS}/1'
MONITOR = f'{TASK}/Monitor'

GOING_ON = (
    *('New', 'Starting', 'Running', 'Suspended', 'Interrupted', 'Pending'),
    *('Stopping', 'Service', 'Cancelling', 'Unheard-of'),
)
NOT_A_TASK = (b'', b'null', b'"on its way"', b'<html>', b'[1]', {}, {'Id': 1})


def task(state=None, **properties):
    told = {'@odata.type': '#Task.v1_4_0.Task', '@odata.id': TASK}
    if state is not None:
        told['TaskState'] = state
    return {**told, **properties}


def in_seconds(seconds):
    moment = datetime.datetime.now(datetime.UTC) + datetime.timedelta(
        seconds=seconds
    )
    return email.utils.format_datetime(moment, usegmt=True)
