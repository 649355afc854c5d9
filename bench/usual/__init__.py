"""The "usual" stack: a small Valence as OpenStack services are written.

It is what our figures are compared with, so it has to be what a competent
project ships and not a straw man. The structure is magnum's: pecan's
RestController with WSME types in and out, hooks for the context, a policy
check in each method, oslo.db's ORM with one transaction a call of the
database API, oslo.messaging with stock settings and one cast a task, and
oslo.service around the worker. What magnum has beyond that (versioned
objects, keystonemiddleware, Heat) is left out, which is in its favour.
"""
