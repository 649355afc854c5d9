"""Sphinx configuration of the API reference."""

extensions = ['os_api_ref', 'openstackdocstheme']

project = 'Valence API Reference'
copyright = 'Valence developers'  # noqa: A001
author = 'Valence developers'

html_theme = 'openstackdocs'
html_theme_options = {
    'sidebar_dropdown': 'api_ref',
    'sidebar_mode': 'toc',
}
openstackdocs_auto_name = False
openstackdocs_repo_name = 'openstack/valence'
openstackdocs_use_storyboard = False
pygments_style = 'native'
