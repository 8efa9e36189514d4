"""Recipes, gates, reconcile, watch, runs: what decides and does. The durable engine is reached through `durable` alone."""
