"""The surfaces: pages, command line, and the words they use."""
