"""What is changed. One transformation a file; ``RULES`` is the order in which they run."""

from __future__ import annotations

from . import (
    add_to_copy,
    apt_lists,
    apt_recommends,
    base_version_as_arg,
    build_guards,
    cache_mounts,
    copy_manifests_first,
    exec_form,
    ignore_file,
    maintainer_to_label,
    pairs_with_equals,
    removed_base,
    run_as_user,
    split_stages,
    stage_names,
)
from .build_guards import NAME as GUARDS
from .rule import Example, Proposal, Rule

RULES: tuple[Rule, ...] = (
    # Another base first: all else is proved for it.
    removed_base.RULE,
    maintainer_to_label.RULE,
    pairs_with_equals.RULE,
    add_to_copy.RULE,
    # Manifests first: where the source is copied after the install, it need not pass through the builder.
    copy_manifests_first.RULE,
    split_stages.RULE,
    run_as_user.RULE,
    base_version_as_arg.RULE,
    # What a single instruction gets, once it has its place.
    apt_lists.RULE,
    apt_recommends.RULE,
    cache_mounts.RULE,
    stage_names.RULE,
    exec_form.RULE,
    build_guards.RULE,
    ignore_file.RULE,
)

__all__ = ["GUARDS", "RULES", "Example", "Proposal", "Rule"]
