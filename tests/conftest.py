"""What every test shares. Network is closed but for loopback (see `addopts`)."""
