"""The base of vendor sandboxes: stateful imitations of a vendor's API, served over real HTTP.

A vendor's sandbox subclasses `Sandbox`, gives its routes, seed and manners, and is served with `serving` in the running loop
or with `spawn` as a process of its own.
"""

from lockgate.kit.sandbox.actions import ActionRefused, action
from lockgate.kit.sandbox.base import Sandbox
from lockgate.kit.sandbox.calls import Call, CallLog
from lockgate.kit.sandbox.clock import SandboxClock
from lockgate.kit.sandbox.config import SandboxConfig, WrongOption
from lockgate.kit.sandbox.coverage import Coverage, coverage
from lockgate.kit.sandbox.faults import FaultRule, Faults
from lockgate.kit.sandbox.files import Form, Part, Saved, file_response, read_form, save_body
from lockgate.kit.sandbox.process import SandboxProcess, SpawnFailed, spawn
from lockgate.kit.sandbox.server import PortTaken, serving
from lockgate.kit.sandbox.store import Store
from lockgate.kit.sandbox.webhooks import Delivery, Webhooks, WebhookTarget
from lockgate.kit.seed import Content, SeedOptions

__all__ = [
    "ActionRefused",
    "Call",
    "CallLog",
    "Content",
    "Coverage",
    "Delivery",
    "FaultRule",
    "Faults",
    "Form",
    "Part",
    "PortTaken",
    "Sandbox",
    "SandboxClock",
    "SandboxConfig",
    "SandboxProcess",
    "Saved",
    "SeedOptions",
    "SpawnFailed",
    "Store",
    "WebhookTarget",
    "Webhooks",
    "WrongOption",
    "action",
    "coverage",
    "file_response",
    "read_form",
    "save_body",
    "serving",
    "spawn",
]
