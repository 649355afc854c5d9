"""What a CompositionService does with a request."""
