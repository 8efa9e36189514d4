"""Sandboxes of systems that are connected by a definition: a module or folder each, named as the definition, with `SANDBOX`."""
