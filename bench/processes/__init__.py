"""The processes that are measured, each with a configuration of its own."""
