"""What a person asked for and cannot have, as sentences that say what to do."""


class Refused(Exception):
    """One or more sentences. `missing` means that the thing itself is not there (404 rather than 400)."""

    def __init__(self, *sentences: str, missing: bool = False) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences
        self.missing = missing
