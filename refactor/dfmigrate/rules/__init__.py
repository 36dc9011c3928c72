"""What is changed. One transformation a file; ``RULES`` is the order in which they run."""

from __future__ import annotations

from . import base_version_as_arg, copy_manifests_first, run_as_user, split_stages
from .rule import Example, Proposal, Rule

RULES: tuple[Rule, ...] = (
    # Manifests first: where the source is copied after the install, it need not pass through the builder.
    copy_manifests_first.RULE,
    split_stages.RULE,
    run_as_user.RULE,
    base_version_as_arg.RULE,
)

__all__ = ["RULES", "Example", "Proposal", "Rule"]
