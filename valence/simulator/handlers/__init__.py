"""What the service does with a request.

``reads`` gives documents and changes nothing; the others act.  They run
in the event loop and never wait, so that each is one transaction.
"""
