"""The configuration as the image itself carries it, under the names of the OCI and Docker image specifications."""

from __future__ import annotations

from typing import Any

from .image import Command, Config, HealthCheck
from .ports import single_ports


def oci_config(config: Config) -> dict[str, Any]:
    """What ``docker inspect`` shows as ``Config``, without the fields that are empty.

    Unknown is null: a whole field that the text does not tell, and the value of a label. In ``Env`` a variable whose
    value is unknown stands alone, without ``=``. A port or volume that is unknown stands as it is written. What the
    base image may add to ``Env``, ``ExposedPorts``, ``Volumes`` and ``Labels`` is not in here: see ``Config.unknown``.
    """
    shown: dict[str, Any] = {
        "User": config.user,
        "ExposedPorts": {port: {} for port in single_ports(config.exposed)},
        "Env": [name if value is None else f"{name}={value}" for name, value in config.environment.items()],
        "Entrypoint": _process(config.entrypoint),
        "Cmd": _process(config.command),
        "Healthcheck": _health_check(config.healthcheck),
        "ArgsEscaped": config.args_escaped,
        "Volumes": {volume: {} for volume in config.volumes},
        "WorkingDir": config.written_workdir,
        "Labels": dict(config.labels),
        "OnBuild": list(config.onbuild),
        "StopSignal": config.stop_signal or "",
        "Shell": list(config.shell) if config.has_shell else [],
    }
    for field, name in _WHOLE.items():
        if field in config.unknown:
            shown[name] = None
    return {name: value for name, value in shown.items() if value is None or value not in ("", False, [], {})}


_WHOLE = {
    "entrypoint": "Entrypoint",
    "command": "Cmd",
    "healthcheck": "Healthcheck",
    "stop_signal": "StopSignal",
    "shell": "Shell",
}
"""Fields that are set as a whole -> their names in the image."""


def _process(command: Command | None) -> list[str]:
    return list(command.process()) if command is not None else []


def _health_check(check: HealthCheck | None) -> dict[str, Any]:
    if check is None:
        return {}
    shown = {
        "Test": list(check.test),
        "Interval": check.interval,
        "Timeout": check.timeout,
        "StartPeriod": check.start_period,
        "StartInterval": check.start_interval,
        "Retries": check.retries,
    }
    return {name: value for name, value in shown.items() if value}
