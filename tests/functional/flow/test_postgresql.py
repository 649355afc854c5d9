"""The main job over RabbitMQ and PostgreSQL."""

from tests.functional.flow import stories


class MainJobTest(stories.MainJob):
    kind = 'postgresql'


class FailuresTest(stories.Failures):
    kind = 'postgresql'
