"""What must stay true. Given the Dockerfile before and after and the context, and nothing of the rules that changed it.

``check`` discharges every obligation or says which stays open, at which line, and what would lift it. One obligation
a file.
"""

from __future__ import annotations

from dfmigrate.proof.case import Case, Open, Verdict
from dfmigrate.proof.check import check

__all__ = ["Case", "Open", "Verdict", "check"]
