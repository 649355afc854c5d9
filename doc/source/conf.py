"""Sphinx configuration of the documentation."""

extensions = ['openstackdocstheme']
# What others include is no page of its own.
exclude_patterns = ['conformance.rst']

project = 'Valence'
copyright = 'Valence developers'  # noqa: A001
author = 'Valence developers'

html_theme = 'openstackdocs'
openstackdocs_auto_name = False
openstackdocs_repo_name = 'openstack/valence'
openstackdocs_use_storyboard = False
pygments_style = 'native'
