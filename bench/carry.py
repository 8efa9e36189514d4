"""One file from the rig's source to its sink by the kit, as a process of its own: `python -m bench.carry SOURCE TARGET`.

Read and written as connectors do it: streamed, with SHA-256 and length on the way. Prints what it cost.
"""

import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
import uvloop
from yarl import URL

from bench.machine import cost
from lockgate.app import logs
from lockgate.kit.egress import Egress
from lockgate.kit.http import RestClient
from lockgate.kit.limits import Limits
from lockgate.kit.services import Services
from lockgate.kit.transfer import file_source


async def main(source: URL, target: URL) -> None:
    with TemporaryDirectory() as spool:
        hosts = tuple(f"{one.host}:{one.port}" for one in (source, target))
        services = Services(
            connection="bench", egress=Egress(hosts=hosts, private=True), limits=Limits(), spool=Path(spool)
        )
        async with RestClient(str(source.origin()), services) as dam, RestClient(str(target.origin()), services) as pim:
            file = file_source(lambda: dam.stream(source.path), filename="blob", media_type="application/octet-stream")
            before, begun = cost(os.getpid()), time.perf_counter()
            sent = await pim.upload("PUT", target.path, file)
            seconds, after = time.perf_counter() - begun, cost(os.getpid())
    told = {"seconds": seconds, "cpu": after.cpu - before.cpu, "peak_mb": after.peak_mb, "sha256": sent.sha256}
    sys.stdout.write(msgspec.json.encode({**told, "bytes": sent.bytes}).decode() + "\n")


if __name__ == "__main__":
    logs.configure()
    uvloop.run(main(URL(sys.argv[1]), URL(sys.argv[2])))
