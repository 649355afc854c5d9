"""The main job over RabbitMQ and MariaDB."""

from tests.functional.flow import stories


class MainJobTest(stories.MainJob):
    kind = 'mariadb'


class FailuresTest(stories.Failures):
    kind = 'mariadb'
