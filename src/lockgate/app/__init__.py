"""Wires everything: settings, connectors by name, connections with their secrets, flows, the engine."""
