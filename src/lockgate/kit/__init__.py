"""What every connector stands on: the contract, errors, HTTP, transfer, limits, profiles, sandboxes, conformance."""
