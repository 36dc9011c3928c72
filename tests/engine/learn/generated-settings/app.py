from __future__ import annotations

import json
from pathlib import Path

from markupsafe import escape

name = Path("/etc/greeter/greeter.conf").read_text("utf-8").split("= ")[1].strip()
print(f"hello {escape(name)}:", *json.loads(Path("routes.json").read_text("utf-8")))
