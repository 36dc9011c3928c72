"""Hazards for reading: one section of ``docs/hazards.md``, and all of them behind their table of contents."""

from __future__ import annotations

from collections.abc import Iterator

from dfmigrate.knowledge.hazards import Hazard, hazard_groups


def section(hazard: Hazard) -> str:
    """What breaks, what the tool does, and what lifts it, in Markdown."""
    return f"- **Breaks**: {hazard.breaks}\n- **Tool**: {hazard.tool}\n- **You**: {hazard.you}\n"


def catalogue() -> str:
    """The table of contents and every section."""
    return "\n".join(_parts())


def _parts() -> Iterator[str]:
    groups = hazard_groups()
    links = (" ".join(f"[{one.code}](#{one.anchor})" for one in group.hazards) for group in groups)
    rows = (f"| {group.name} | {found} |" for group, found in zip(groups, links, strict=True))
    yield "\n".join(("| group | codes |", "|---|---|", *rows, ""))
    for group in groups:
        yield f"## {group.name}\n"
        if group.text:
            yield f"{group.text}\n"
        for one in group.hazards:
            yield f'### {one.code} {one.title} <a id="{one.anchor}"></a>\n{section(one)}'
