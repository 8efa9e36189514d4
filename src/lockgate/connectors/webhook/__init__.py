"""Webhooks: records that come in by POST, and events that go out by POST. See README.md in this folder."""
