"""Dockerfile text to tree and back, without losing a byte."""

from __future__ import annotations

from .dockerfile import Dockerfile, Stage
from .edit import Item
from .errors import ExpansionError
from .flags import Flag
from .heredoc import Heredoc
from .image import ImageReference
from .instruction import Healthcheck, Instruction
from .nodes import BlankLine, Comment, Directive
from .parse import parse
from .problem import Problem
from .style import Style
from .variables import expand, expand_words, variables
from .words import Pair, Word

__all__ = [
    "BlankLine",
    "Comment",
    "Directive",
    "Dockerfile",
    "ExpansionError",
    "Flag",
    "Healthcheck",
    "Heredoc",
    "ImageReference",
    "Instruction",
    "Item",
    "Pair",
    "Problem",
    "Stage",
    "Style",
    "Word",
    "expand",
    "expand_words",
    "parse",
    "variables",
]
