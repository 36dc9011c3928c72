"""The variables that the application finds: those of the image, and those that a deployment gives it."""

from __future__ import annotations

from dfmigrate.context import Context
from dfmigrate.context.deployments import may_get, outside_variables

from .image import Config


def values_of(name: str, config: Config, context: Context | None) -> tuple[str | None, ...]:
    """Every value that the variable may have, where it is set; None for one that is not known."""
    own = (config.environment[name],) if name in config.environment else ()
    given = outside_variables(context).get(name, ()) if context is not None else ()
    # A file of variables may hold this one too.
    unnamed = (None,) if not given and may_get(context, name) else ()
    return (*own, *given, *unnamed)
