"""What the tests of faults are built of.

``case`` is the base of the tests, ``rig`` the whole house with its servers
and pod managers, ``load`` its clients, ``faults`` what is done to it,
``verdict`` what is said of it in the end.
"""
