"""What every test shares. The network is closed but for loopback (see `addopts`); log lines below warnings are left out."""

import logging

import structlog

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
