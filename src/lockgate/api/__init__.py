"""The doors over HTTP: webhooks in, REST API, health and metrics. Loopback only until there is a login."""

from lockgate.api.serve import NotLoopback, PortTaken, serving

__all__ = ["NotLoopback", "PortTaken", "serving"]
