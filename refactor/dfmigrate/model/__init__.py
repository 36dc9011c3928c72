"""What a Dockerfile means: stages, variables in scope, and the image after each instruction."""

from __future__ import annotations

from dfmigrate.model.actions import Action, Reading
from dfmigrate.model.files import FileSystem, Kind, Origin, Write, is_within
from dfmigrate.model.given import Given
from dfmigrate.model.image import Command, Config, HealthCheck
from dfmigrate.model.interpret import Build, Layer, StageModel, interpret
from dfmigrate.model.oci import oci_config

__all__ = [
    "Action",
    "Build",
    "Command",
    "Config",
    "FileSystem",
    "Given",
    "HealthCheck",
    "Kind",
    "Layer",
    "Origin",
    "Reading",
    "StageModel",
    "Write",
    "interpret",
    "is_within",
    "oci_config",
]
