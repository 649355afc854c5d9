"""An ExpEther manager (EEM) in the place of a Redfish pod manager.

It is served as the others are, and misbehaves in the same ways.  What the
modes answer by themselves, and refused credentials, have the body of a
Redfish error: of those a client sees the status.
"""
