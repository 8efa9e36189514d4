"""A process of its own that runs the flow of a home, for tests that kill it: `python -m tests.engine.driver HOME [DATABASE]`.

Watches and works for ever with `--watch`, else runs once and ends.
"""

import asyncio
import sys
from pathlib import Path

from tests.world import FLOW

from lockgate.app.lockgate import opened
from lockgate.app.settings import AppSettings


async def main(home: str, database: str, *, watch: bool) -> None:
    async with opened(AppSettings(home=Path(home), database=database), engine=True, watching=watch) as app:
        print("ready", flush=True)  # noqa: T201 - the test waits for it
        if watch:
            await asyncio.Event().wait()
        started = await app.working.run(FLOW)
        done = await app.working.wait(started.id)
        print(done.state, done.account, flush=True)  # noqa: T201


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if word != "--watch"]
    asyncio.run(main(words[0], words[1] if len(words) > 1 else "", watch="--watch" in sys.argv))
