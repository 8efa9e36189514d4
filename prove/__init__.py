"""The crash proof: the real processes between both sandboxes, killed at random instants, and checked from outside.

`ground` starts it all, `load` is what people do, `rounds` kills, `oracle` and `checks` say what must hold. Nothing here imports
Lockgate's engine or connectors.
"""
