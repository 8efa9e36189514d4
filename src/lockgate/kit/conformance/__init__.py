"""The suite every connector passes: `TestCelum = promises(Celum, CelumBench)` in its tests is the whole of it.

What a connector can do is discovered from its operations; each promise that goes with them is then kept or broken against the
connector's own sandbox over real HTTP. A promise that cannot be kept is excused by name with a reason, and the excuse fails
once it is no longer needed. Needs pytest; nothing in the running product imports it.
"""

from lockgate.kit.conformance.bench import Bench, Carrier, eventually
from lockgate.kit.conformance.suite import needs, promises

__all__ = ["Bench", "Carrier", "eventually", "needs", "promises"]
