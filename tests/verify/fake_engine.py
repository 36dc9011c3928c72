"""A stand-in for ``docker``, ``podman`` and ``buildah``: enough of their words to be built, started and cleared with.

Put on PATH under one of those names. ``FAKE_ENGINE`` is its folder: every call is a line of ``calls``; containers and
images are files there. What an image does is read from comments of its Dockerfile, ``# exit 3``, ``# build sleeps``.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path

NAME = Path(sys.argv[0]).name
HOME = Path(os.environ["FAKE_ENGINE"])
IMAGES, CONTAINERS = HOME / "images", HOME / "containers"


def main(words: list[str]) -> int:
    for folder in (IMAGES, CONTAINERS):
        folder.mkdir(exist_ok=True)
    with (HOME / "calls").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps([NAME, *words]) + "\n")
    if (HOME / "down").exists():
        print("Cannot connect to the daemon. Is it running?", file=sys.stderr)
        return 1
    if (HOME / "mute").exists():
        time.sleep(60)
    if words[:2] == ["buildx", "build"]:
        return build(words)
    order = words[0].removeprefix("-")
    action = ORDERS.get(order)
    return action(words) if action is not None else 0


def version(words: list[str]) -> int:
    if words[0] == "info":
        print(json.dumps({"host": {"serviceIsRemote": False}}))
    elif words[0].startswith("--"):
        print(f"{NAME} version 4.9.3")
    else:
        print(json.dumps({"Client": {"Version": "26.1.5"}, "Server": {"Version": "26.1.5", "Os": "linux"}}))
    return 0


def buildx(words: list[str]) -> int:
    return 1 if (HOME / "no-buildx").exists() else 0


def network(words: list[str]) -> int:
    return 1 if (HOME / "no-bridge").exists() else 0


def build(words: list[str]) -> int:
    text = Path(words[words.index("--file") + 1]).read_text(encoding="utf-8")
    tag = words[words.index("--tag") + 1]
    for number, line in enumerate(text.split("\n"), 1):
        if line and not line.startswith("#"):
            print(f"#{number} [{number}/9] {line}\n#{number} DONE 0.1s", flush=True)
        if line == "# build fails" or (line == "# fails once" and not (HOME / "failed").exists()):
            (HOME / "failed").touch()
            print("#8 [8/9] RUN false\n#8 ERROR: exit code: 1\nDockerfile:2\n--------------------\n")
            print("ERROR: failed to solve: exit code: 1", flush=True)
            return 1
        if line == "# build sleeps":
            (HOME / "asleep").touch()
            time.sleep(60)
        if line == "# killed":
            os.kill(os.getpid(), 9)
        if line == "# engine dies":
            (HOME / "down").touch()
            return 1
    _file(IMAGES, tag).write_text(text, encoding="utf-8")
    return 0


def image(words: list[str]) -> int:
    if words[1] != "inspect":
        return 0
    text = _file(IMAGES, words[2]).read_text(encoding="utf-8")
    config = {"Cmd": ["/bin/app"], "User": said(text, "user") or ""}
    print(json.dumps([{"Id": "sha256:1", "Config": config, "RootFS": {"Layers": ["sha256:2"]}, "Size": len(text)}]))
    return 0


def create(words: list[str]) -> int:
    _file(CONTAINERS, words[words.index("--name") + 1]).write_text(_text_of(words), encoding="utf-8")
    return 0


def export(words: list[str]) -> int:
    import io
    import tarfile

    files = {"bin/app": b"#!/bin/sh\n", "bin/sh": b"a shell\n"}
    files |= dict.fromkeys(re.findall(r"^# file (\S+)", _container(words[1]), re.M), b"a file\n")
    with tarfile.open(fileobj=sys.stdout.buffer, mode="w|") as archive:
        for path, content in files.items():
            member = tarfile.TarInfo(path)
            member.mode, member.size = 0o755, len(content)
            archive.addfile(member, io.BytesIO(content))
    return 0


def run(words: list[str]) -> int:
    text = _text_of(words)
    if "--detach" not in words:
        print(said(text, "smoke") or "smoke")
        return 0
    create(words)
    if (reason := said(text, "refused")) is not None:
        print(f"docker: Error response from daemon: {reason}", file=sys.stderr)
        return 127
    return 0


def inspect(words: list[str]) -> int:
    text = _container(words[-1])
    if "State" in words[2]:
        code = said(text, "exit")
        print(json.dumps({"Running": code is None and "stopped" not in text, "ExitCode": int(code or 0), "Pid": 0}))
    else:
        print("0123456789ab")
    return 0


def execute(words: list[str]) -> int:
    text = _container(words[1])
    if words[2] == "cat":
        print("  sl  local_address rem_address   st")
        for port in re.findall(r"^# port (\d+)", text, re.M):
            print(f"   0: 00000000:{int(port):04X} 00000000:0000 0A")
        return 0
    print(said(text, "smoke") or "smoke")
    return int(said(text, "smoke exit") or 0)


def logs(words: list[str]) -> int:
    for line in re.findall(r"^# says (.+)", _container(words[1]), re.M):
        print(line, file=sys.stderr)
    return 0


def stop(words: list[str]) -> int:
    with _file(CONTAINERS, words[-1]).open("a", encoding="utf-8") as stream:
        stream.write("\nstopped")
    return 0


def remove(words: list[str]) -> int:
    folder = IMAGES if words[0] == "rmi" else CONTAINERS
    _file(folder, words[-1]).unlink(missing_ok=True)
    return 0


def listed(words: list[str]) -> int:
    for file in sorted((IMAGES if words[0] == "images" else CONTAINERS).iterdir()):
        print(file.name.replace("%", "/"))
    return 0


def tag(words: list[str]) -> int:
    _file(IMAGES, words[2]).write_text(_file(IMAGES, words[1]).read_text(encoding="utf-8"), encoding="utf-8")
    return 0


def said(text: str, name: str) -> str | None:
    found = re.search(rf"^# {name} (?!exit)(.+)", text, re.M)
    return found[1] if found is not None else None


def _file(folder: Path, name: str) -> Path:
    return folder / name.replace("/", "%")


def _container(name: str) -> str:
    return _file(CONTAINERS, name).read_text(encoding="utf-8")


def _text_of(words: list[str]) -> str:
    return next(file for word in words if (file := _file(IMAGES, word)).exists()).read_text(encoding="utf-8")


ORDERS = {
    "version": version,
    "-version": version,
    "info": version,
    "buildx": buildx,
    "network": network,
    "build": build,
    "image": image,
    "create": create,
    "export": export,
    "run": run,
    "inspect": inspect,
    "exec": execute,
    "logs": logs,
    "stop": stop,
    "rm": remove,
    "rmi": remove,
    "ps": listed,
    "images": listed,
    "tag": tag,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
