"""What every test shares. The network is closed but for loopback (see `addopts`); log lines below warnings are left out."""

import logging
import os
import sys
from pathlib import Path

import structlog
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parents[1]))  # the crash proof stands beside the tests, and lends them its parts

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))

# How long an example takes says more about the machine than about the rule.
settings.register_profile("lockgate", deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What judges a change looks at the same examples each time, so that a verdict is about the change; `make test` looks at new ones.
settings.register_profile("gate", settings.get_profile("lockgate"), derandomize=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "lockgate"))
