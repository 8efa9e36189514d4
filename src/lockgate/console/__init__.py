"""The console: pages for those who watch and decide, and for those who set up and repair.

Everything a page shows or does is a function of `app.views` or `app.acts`, which the REST API offers too.
"""

from lockgate.console.pages import Pages

__all__ = ["Pages"]
