"""Lays out a new connector: a folder that runs against its own sandbox and passes the conformance suite, to be changed from there.

Nothing of the running product imports it. Use: `make connector NAME=acme`.
"""
