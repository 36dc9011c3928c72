from __future__ import annotations

import pytest

from dfmigrate.context import Context
from dfmigrate.context.dotnet import DotnetKind, DotnetProject, dotnet_project
from dfmigrate.context.dotnet_workspace import dotnet_workspace, solution_projects


def csproj(body: str = "", sdk: str = "Microsoft.NET.Sdk") -> str:
    return f'<Project Sdk="{sdk}">\n{body}\n</Project>\n'


def group(properties: str) -> str:
    return f"<PropertyGroup>{properties}</PropertyGroup>"


def project(text: str, **files: str) -> DotnetProject:
    named = {name.replace("__", "/").replace("_", "."): content for name, content in files.items()}
    found = dotnet_project(Context.of({"src/App/App.csproj": text, **named}), "src/App/App.csproj")
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (csproj(sdk="Microsoft.NET.Sdk.Web"), DotnetKind.WEB),
        (csproj(), DotnetKind.PLAIN),
        (csproj(sdk="Microsoft.NET.Sdk.Worker"), DotnetKind.PLAIN),
        (csproj('<ItemGroup><FrameworkReference Include="Microsoft.AspNetCore.App"/></ItemGroup>'), DotnetKind.WEB),
        (csproj('<ItemGroup><PackageReference Include="Microsoft.Extensions.Hosting"/></ItemGroup>'), DotnetKind.PLAIN),
        (csproj('<ItemGroup><PackageReference Include="Grpc.AspNetCore"/></ItemGroup>'), DotnetKind.UNKNOWN),
        (csproj('<ItemGroup><ProjectReference Include="..\\Gone\\Gone.csproj"/></ItemGroup>'), DotnetKind.UNKNOWN),
        ("<Project><ItemGroup/></Project>", DotnetKind.UNKNOWN),
    ],
)
def test_the_kind(text: str, kind: DotnetKind) -> None:
    assert project(text).kind is kind


def test_a_reference_to_a_web_project_needs_its_runtime() -> None:
    text = csproj('<ItemGroup><ProjectReference Include="..\\Web\\Web.csproj" /></ItemGroup>')
    found = project(text, src__Web__Web_csproj=csproj(sdk="Microsoft.NET.Sdk.Web"))
    assert found.references == ("src/Web/Web.csproj",)
    assert found.kind is DotnetKind.WEB


@pytest.mark.parametrize(
    ("properties", "assembly"),
    [
        ("", "App"),
        ("<AssemblyName>Shop</AssemblyName>", "Shop"),
        ("<AssemblyName>$(Prefix).Shop</AssemblyName>", None),
        ("<AssemblyName Condition=\"'$(A)'==''\">Shop</AssemblyName>", None),
    ],
)
def test_the_assembly(properties: str, assembly: str | None) -> None:
    assert project(csproj(group(properties))).assembly == assembly


def test_shared_properties() -> None:
    shared = (
        f"<Project>{group('<TargetFramework>net8.0</TargetFramework><SelfContained>true</SelfContained>')}</Project>"
    )
    found = project(csproj(), Directory_Build_props=shared)
    assert found.target_frameworks == ("net8.0",)
    assert found.self_contained is True
    assert found.assembly == "App"
    renamed = f"<Project>{group('<AssemblyName>X</AssemblyName>')}</Project>"
    assert project(csproj(), Directory_Build_props=renamed).assembly is None


def test_flags() -> None:
    found = project(csproj(group("<PublishAot>True</PublishAot><TargetFrameworks>net6.0;net8.0</TargetFrameworks>")))
    assert found.ahead_of_time is True
    assert found.self_contained is None
    assert found.target_frameworks == ("net6.0", "net8.0")


def test_what_restore_reads() -> None:
    context = Context.of(
        {
            "src/App/App.csproj": csproj('<ItemGroup><ProjectReference Include="../Lib/Lib.csproj" /></ItemGroup>'),
            "src/Lib/Lib.csproj": csproj(),
            "Directory.Packages.props": "<Project/>",
            "src/Lib/packages.lock.json": "{}",
            "NuGet.config": "<configuration/>",
            "src/Other/Other.csproj": csproj(),
        }
    )
    found = dotnet_project(context, "src/App/App.csproj")
    assert found is not None
    assert found.manifests == (
        "Directory.Packages.props",
        "NuGet.config",
        "src/App/App.csproj",
        "src/Lib/Lib.csproj",
        "src/Lib/packages.lock.json",
    )


def test_imports_leave_the_manifests_unknown() -> None:
    assert project(csproj('<Import Project="..\\common.props" />')).manifests is None


def test_a_solution() -> None:
    text = (
        "\ufeff\r\nMicrosoft Visual Studio Solution File\r\n"
        'Project("{FAE0}") = "App", "src\\App\\App.csproj", "{1}"\r\nEndProject\r\n'
        'Project("{2150}") = "items", "items", "{2}"\r\nEndProject\r\n'
    )
    context = Context.of({"all.sln": text})
    assert solution_projects(context, "all.sln") == ("src/App/App.csproj",)
    assert solution_projects(context, "other.sln") is None


@pytest.mark.parametrize("text", ["", "<Other/>", "<!DOCTYPE a><Project/>"])
def test_what_is_not_read(text: str) -> None:
    assert dotnet_project(Context.of({"a.csproj": text}), "a.csproj") is None


@pytest.mark.parametrize(
    ("text", "program", "published"),
    [
        (csproj(sdk="Microsoft.NET.Sdk.Web"), True, "App.dll"),
        (csproj(group("<OutputType>Exe</OutputType>")), True, "App.dll"),
        (csproj(group("<OutputType>Library</OutputType>")), False, "App.dll"),
        (csproj(), None, "App.dll"),
        (csproj(group("<OutputType>Exe</OutputType><IsTestProject>true</IsTestProject>")), False, "App.dll"),
        (csproj('<ItemGroup><PackageReference Include="xunit"/></ItemGroup>'), False, "App.dll"),
        (csproj(group("<AssemblyName>shop</AssemblyName><PublishSingleFile>true</PublishSingleFile>")), None, "shop"),
        (csproj(group("<PublishAot>true</PublishAot>")), None, "App"),
        (csproj(group('<PublishSingleFile Condition="a">true</PublishSingleFile>')), None, None),
        (csproj(group("<AssemblyName>$(A)</AssemblyName>")), None, None),
    ],
)
def test_what_is_run(text: str, program: bool | None, published: str | None) -> None:
    found = project(text)
    assert (found.is_program, found.published) == (program, published)


def test_commands_content_and_targets() -> None:
    found = project(
        csproj(
            group("<TargetFrameworks>net8.0;net9.0</TargetFrameworks><RuntimeIdentifier>linux-x64</RuntimeIdentifier>")
            + '<Target Name="a"><Exec Command="npm ci"/></Target>'
            + '<ItemGroup><Content Include="data\\**" CopyToOutputDirectory="Always"/><None Update="a.json">'
            + "<CopyToOutputDirectory>Always</CopyToOutputDirectory></None><None Include='b'/></ItemGroup>"
        )
    )
    assert found.target_frameworks == ("net8.0", "net9.0")
    assert found.runtime_identifiers == ("linux-x64",)
    assert found.commands == ("npm ci",)
    assert found.content == ("data/**", "a.json")


def test_what_projects_share() -> None:
    config = """<configuration><packageSources><clear/><add key="a" value="https://example.org/index.json"/>
<add key="b" value="./packages"/></packageSources><packageSourceCredentials><a><add key="ClearTextPassword"
value="%TOKEN%"/></a></packageSourceCredentials></configuration>"""
    found = dotnet_workspace(
        Context.of(
            {
                "all.slnx": '<Solution><Folder Name="/x/"><Project Path="src\\App/App.csproj"/></Folder></Solution>',
                "some.slnf": '{"solution": {"path": "all.slnx", "projects": ["src\\\\App\\\\App.csproj"]}}',
                "bad.slnx": "<",
                "global.json": '{ /* x */ "sdk": {"version": "8.0.100", "rollForward": "latestMinor"}}',
                "nuget.config": config,
                "Directory.Packages.props": "<Project/>",
                "src/Directory.Build.props": "<Project/>",
                "src/App/packages.lock.json": "{}",
            }
        )
    )
    projects = ("src/App/App.csproj",)
    assert found.solutions == {"all.slnx": projects, "some.slnf": projects, "bad.slnx": None}
    assert (found.sdk, found.roll_forward) == ("8.0.100", "latestMinor")
    (nuget,) = found.nuget
    assert (nuget.local, nuget.remote) == (("packages",), ("https://example.org/index.json",))
    assert (nuget.credentials, nuget.variables) == (True, {"TOKEN"})
    assert found.central_packages == ("Directory.Packages.props",)
    assert found.shared == ("src/Directory.Build.props",)
    assert found.locked == ("src/App/packages.lock.json",)
