from __future__ import annotations

import re
from dataclasses import dataclass

_BRACED = re.compile(r"\$\{(?:[^{}]|\$\{[^{}]*\})*\}")
_TAG = re.compile(r":[^/:]*\Z")


@dataclass(frozen=True, slots=True)
class ImageReference:
    """What a FROM names: an image, or a stage above. The text is as written; parts that are absent are None."""

    text: str

    @property
    def has_variables(self) -> bool:
        """Whether the parts depend on ARG values."""
        return "$" in self.text

    @property
    def digest(self) -> str | None:
        """What follows `@`, such as `sha256:...`."""
        at = self._masked.find("@")
        return None if at < 0 else self.text[at + 1 :]

    @property
    def tag(self) -> str | None:
        """What follows the last colon, unless that is the registry's port."""
        start = self._tag_start
        return None if start < 0 else self._named[start + 1 :]

    @property
    def repository(self) -> str:
        """The name with its registry, as written, without tag and digest."""
        start = self._tag_start
        return self._named if start < 0 else self._named[:start]

    @property
    def registry(self) -> str | None:
        """The host in front, when the first part looks like one: it has a dot or a port, or is `localhost`."""
        slash = self._masked.find("/", 0, len(self.repository))
        host = self._masked[: max(slash, 0)]
        return self.text[:slash] if "." in host or ":" in host or host == "localhost" else None

    @property
    def name(self) -> str:
        """The repository without its registry."""
        registry = self.registry
        return self.repository if registry is None else self.repository[len(registry) + 1 :]

    @property
    def _masked(self) -> str:
        """The text with every `${...}` blotted out, since a colon in there separates nothing."""
        return _BRACED.sub(lambda found: "$" * len(found[0]), self.text)

    @property
    def _named(self) -> str:
        """The text in front of the digest."""
        at = self._masked.find("@")
        return self.text if at < 0 else self.text[:at]

    @property
    def _tag_start(self) -> int:
        found = _TAG.search(self._masked[: len(self._named)])
        return -1 if found is None else found.start()
