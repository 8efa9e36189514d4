"""Video and audio by FFmpeg: the container's tags, and whether it opens."""

import re
from pathlib import Path

import av
from av.error import FFmpegError

from lockgate.kit.seed.embedded.facts import Facts, Unreadable
from lockgate.model.item import UND, Text

DEMUXERS = {
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "audio/mp4": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "video/x-msvideo": "avi",
    "video/mpeg": "mpeg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/ogg": "ogg",
    "audio/aiff": "aiff",
}


def facts(path: Path, media_type: str) -> Facts:
    """What the tags state. Raises Unreadable when the container does not open.

    The demuxer is named by us and reads an open file: a playlist in disguise would have FFmpeg open other files.
    """
    try:
        with (
            path.open("rb") as file,
            av.open(
                file, format=DEMUXERS[media_type], metadata_errors="replace", options={"enable_drefs": "0"}
            ) as container,
        ):
            tags = {name.lower(): value.strip() for name, value in container.metadata.items()}
            streams = len(container.streams)
    except (FFmpegError, OSError, ValueError) as error:
        raise Unreadable(f"is broken: cannot be read as {media_type} ({' '.join(str(error).split())[:120]})") from error
    return Facts(
        title=plain(tags, "title"),
        description=plain(tags, "description", "comment"),
        creator=tags.get("artist") or tags.get("author") or None,
        copyright=tags.get("copyright") or None,
        keywords=[word for part in re.split(r"[;,]", tags.get("keywords", "")) if (word := part.strip())],
        problems=[] if streams else ["is broken: holds no stream"],
    )


def plain(tags: dict[str, str], *names: str) -> Text:
    text = next((tags[name] for name in names if tags.get(name)), None)
    return {UND: text} if text else {}
