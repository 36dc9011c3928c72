"""What the project is like: the build context and the manifests in it. Unknown is a value, never a guess.

``read_context`` is the only function here that touches the disk. Every reader is a pure function of the ``Context``.
"""

from __future__ import annotations

from dfmigrate.context.build_context import Context, Entry
from dfmigrate.context.cargo import CargoProject, cargo_project
from dfmigrate.context.compose import ComposeFiles, ComposeService, Volume, compose_files
from dfmigrate.context.composer import ComposerProject, composer_project
from dfmigrate.context.disk import read_context
from dfmigrate.context.dotnet import DotnetKind, DotnetProject, dotnet_project, dotnet_projects, dotnet_solutions
from dfmigrate.context.evidence import Place
from dfmigrate.context.go import GoProgram, GoProject, go_project
from dfmigrate.context.gradle import GradleProject, gradle_project
from dfmigrate.context.ignore_file import IgnoreFile, parse_ignore_file
from dfmigrate.context.makefile import Makefile, makefile
from dfmigrate.context.maven import MavenProject, maven_project
from dfmigrate.context.node import NodeProject, node_project
from dfmigrate.context.node_build import Build
from dfmigrate.context.node_imports import Imports
from dfmigrate.context.node_start import Closure, Need, Program
from dfmigrate.context.node_tools import Role
from dfmigrate.context.python import PythonProject, python_project
from dfmigrate.context.requirement_file import RequirementFile, requirement_file, requirement_files
from dfmigrate.context.scripts import EntryScript, entry_script, shell_scripts
from dfmigrate.context.source_rules import HintKind
from dfmigrate.context.sources import Hints, Hit, runtime_hints

__all__ = [
    "Build",
    "CargoProject",
    "Closure",
    "ComposeFiles",
    "ComposeService",
    "ComposerProject",
    "Context",
    "DotnetKind",
    "DotnetProject",
    "Entry",
    "EntryScript",
    "GoProgram",
    "GoProject",
    "GradleProject",
    "HintKind",
    "Hints",
    "Hit",
    "IgnoreFile",
    "Imports",
    "Makefile",
    "MavenProject",
    "Need",
    "NodeProject",
    "Place",
    "Program",
    "PythonProject",
    "RequirementFile",
    "Role",
    "Volume",
    "cargo_project",
    "compose_files",
    "composer_project",
    "dotnet_project",
    "dotnet_projects",
    "dotnet_solutions",
    "entry_script",
    "go_project",
    "gradle_project",
    "makefile",
    "maven_project",
    "node_project",
    "parse_ignore_file",
    "python_project",
    "read_context",
    "requirement_file",
    "requirement_files",
    "runtime_hints",
    "shell_scripts",
]
