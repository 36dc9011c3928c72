"""Private images and mirrors: what the user says of images that no pack knows."""

from __future__ import annotations

from types import MappingProxyType

from dfmigrate.knowledge.images import User, image
from dfmigrate.knowledge.overlay import Mirror, Overlay, PrivateImage

MIRROR = Overlay(mirrors=(Mirror("registry.example/mirror/*", "*"),))


def test_a_mirrored_image_is_the_original_under_its_own_name() -> None:
    original, facts = image("node:20-bookworm"), MIRROR.image("registry.example/mirror/node:20-bookworm")
    assert original is not None and facts is not None
    assert (facts.version, facts.release, facts.users) == (original.version, original.release, original.users)
    assert facts.reference == "registry.example/mirror/node:20-bookworm"
    assert facts.version_span is not None
    assert facts.reference[slice(*facts.version_span)] == "20"


def test_the_runtime_comes_from_the_mirror_too() -> None:
    facts = MIRROR.image("registry.example/mirror/node:20-bookworm")
    assert facts is not None
    assert [runtime.reference for runtime in facts.runtimes] == ["registry.example/mirror/node:20-bookworm-slim"]


def test_a_runtime_of_another_registry_keeps_its_name() -> None:
    overlay = Overlay(mirrors=(Mirror("registry.example/dotnet/*", "mcr.microsoft.com/dotnet/*"),))
    facts = overlay.image("registry.example/dotnet/sdk:8.0")
    assert facts is not None
    assert all(runtime.reference.startswith("registry.example/dotnet/") for runtime in facts.runtimes)
    everything = Overlay(mirrors=(Mirror("registry.example/all/*", "*"),)).image("registry.example/all/golang:1.22")
    assert everything is not None
    assert all(runtime.reference.startswith(("registry.example/all/", "gcr.io/")) for runtime in everything.runtimes)


def test_a_mirror_does_not_make_an_unknown_image_known() -> None:
    assert MIRROR.image("registry.example/mirror/no-such-image:1") is None
    assert MIRROR.image("elsewhere.example/node:20") is None


def test_well_known_names_still_mean_what_they_mean() -> None:
    assert MIRROR.image("node:20") == image("node:20")


def test_a_private_image_is_like_its_base_with_its_own_changes() -> None:
    private = PrivateImage(
        "registry.example/team/node:*",
        "node:*-bookworm",
        runtime="registry.example/team/node-small:*",
        environment=MappingProxyType({"APP_ENV": "production"}),
        workdir="/srv",
        user="app",
        tools=("dumb-init",),
        users=(User("app", 1000, 1000, "/srv"),),
    )
    facts = Overlay(images=(private,)).image("registry.example/team/node:20")
    assert facts is not None
    assert (facts.release, facts.workdir, facts.user) == ("bookworm", "/srv", "app")
    assert facts.environment["APP_ENV"] == "production"
    assert "NODE_VERSION" in facts.environment
    assert "dumb-init" in facts.tools
    assert [user.name for user in facts.users if user.uid == 1000] == ["app"]
    assert [runtime.reference for runtime in facts.runtimes] == ["registry.example/team/node-small:20"]


def test_a_private_image_is_never_taken_for_pinned() -> None:
    """What its owner builds under this name tomorrow is not known."""
    facts = Overlay(images=(PrivateImage("registry.example/node", "node:20.1.0-bookworm"),)).image(
        "registry.example/node"
    )
    assert facts is not None
    assert facts.floating and not facts.release_named and facts.version_span is None and facts.runtimes == ()


def test_a_private_image_can_be_like_one_of_a_mirror() -> None:
    overlay = Overlay(MIRROR.mirrors, (PrivateImage("team/py", "registry.example/mirror/python:3.12-bookworm"),))
    facts = overlay.image("team/py")
    assert facts is not None
    assert (facts.family, facts.version) == ("python", "3.12")


def test_one_that_is_like_an_unknown_image_is_unknown() -> None:
    assert Overlay(images=(PrivateImage("team/py", "no-such-image"),)).image("team/py") is None
