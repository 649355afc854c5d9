"""Documents of a CompositionService, made anew for each request."""
