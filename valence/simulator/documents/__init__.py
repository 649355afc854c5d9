"""Resource documents, made anew for each request.

A document is a function of the layout and of the little state a pod
keeps.  Nothing here may change that state, or keep what it made.
"""
