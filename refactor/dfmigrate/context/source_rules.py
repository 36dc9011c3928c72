"""Which calls of which language run a program, open, write or listen: the table behind ``sources.py``."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class HintKind(Enum):
    """What a place in a source says about the running application."""

    PROGRAM = "runs a program"
    SHELL = "runs a shell command"
    READ = "opens a file"
    WRITE = "writes a file"
    PORT = "listens on a port"
    NATIVE = "loads a native library by name"
    STATE = "keeps state in files"
    ZONE = "loads a time zone"
    SERVICE = "asks for a service or protocol by name"
    MEDIA_TYPE = "asks for the media type of a file name"


@dataclass(frozen=True, slots=True)
class SourceRule:
    """``call`` ends where the argument of interest starts; rules without ``argument`` only say that it is there."""

    kind: HintKind
    call: re.Pattern[str]
    gate: re.Pattern[str] | None = None
    """A file without a match of this is not looked at."""
    argument: bool = True
    literal: bool = False
    """Only where a literal starts, and not in the text of another one."""


def _rule(
    kind: HintKind, call: str, gate: str | None = None, *, argument: bool = True, literal: bool = False
) -> SourceRule:
    return SourceRule(kind, re.compile(call), None if gate is None else re.compile(gate), argument, literal)


_SKIP_ONE = r"[^,()\n]*+(?:\([^()\n]*+\))?+\s*+,\s*+"
"""A first argument that does not matter, such as a Go context."""

_PROCESS_JS = r"child_process|cross-spawn|execa|shelljs|Bun\.spawn|Deno\.(?:Command|run)|from ['\"]zx|require\(['\"]zx"
_PROCESS_MODULE = "cp|child_process|childProcess"
_REQUIRED = r"require\(['\"](?:node:)?child_process['\"]\)"
_SPAWN_JS = "execFile|execFileSync|spawn|spawnSync|fork"
_FROM_ENVIRONMENT = r"process\.env\.\w++\s*+(?:\|\||\?\?)\s*+"
_STATE_JS = "better-sqlite3|sqlite3|multer|lowdb|nedb|connect-sqlite3|node-persist|session-file-store"
_PROCESS_PY = r"\bsubprocess\b"
_RUN_PY = "run|call|check_call|check_output|Popen"
_BARE_RB = r"[ \t]++(?!(?:do|if|unless|and|or|then|end|in)\b|[=&|?:.+<>-])(?=[\"'`\w@*\[{])"
"""An argument without parentheses."""
_PORT_RB = r"ENV\.fetch\(\s*+['\"]PORT['\"]\s*+(?:,\s*+|\)\s*+\{\s*+)|ENV\[['\"]PORT['\"]\]\s*+\|\|\s*+"
_PORT_EX = r"String\.to_integer\(System\.get_env\(\"PORT\"(?:,\s*+|\)\s*+\|\|\s*+)"
_PROCESS_D = r"\bimport\b[^;]*\b(?:std\.process|vibe\.core\.process|core\.stdc\.stdlib)\b|\bimport\s++std\s*+;"
_MODULES_D = r"std\.process\.|vibe\.core\.process\."
_SPAWN_D = "spawnProcess|pipeProcess|execv|execve|execvp|execvpe"
_STATE_NET = r"UseSqlite|LiteDatabase|PersistKeysToFileSystem|WriteTo\.File"

_SERVICES = r"\bget(?:servby(?:name|port)|protoby(?:name|number))(?:_r)?\b"
_KNOWN_GO = (
    "icmp|igmp|tcp|udp|ipv6-icmp|domain|ftps?|gopher|https?|imap[23s]|pop3s?|smtp|submissions?|ssh|telnet"  # Go's own
)
_NAMED_PORT_GO = rf"[\"`][\w.\[\]-]*+:(?!(?:{_KNOWN_GO})[\"`])[a-z][\w-]*+[\"`]"

_RULES: dict[str, Callable[[], tuple[SourceRule, ...]]] = {
    "go": lambda: (
        _rule(HintKind.PROGRAM, r"\bexec\.(?:Command|LookPath)\(\s*+", r'"os/exec"'),
        _rule(HintKind.PROGRAM, rf"\bexec\.CommandContext\(\s*+{_SKIP_ONE}", r'"os/exec"'),
        _rule(HintKind.PROGRAM, r"\b(?:os\.StartProcess|syscall\.(?:Exec|ForkExec))\(\s*+"),
        _rule(HintKind.READ, r"\bos\.(?:Open|ReadFile|ReadDir|Stat|Lstat|DirFS)\(\s*+"),
        _rule(HintKind.READ, r"\bioutil\.(?:ReadFile|ReadDir)\(\s*+"),
        _rule(HintKind.READ, r"\bhttp\.Dir\(\s*+"),
        _rule(HintKind.READ, rf"\bhttp\.ServeFile\(\s*+{_SKIP_ONE}{_SKIP_ONE}"),
        _rule(HintKind.READ, r"\bfilepath\.(?:Walk|WalkDir|Glob)\(\s*+"),
        _rule(HintKind.READ, r"\.(?:ParseFiles|ParseGlob|LoadHTMLGlob|LoadHTMLFiles)\(\s*+"),
        _rule(HintKind.READ, rf"\.(?:Static|StaticFile|File|StaticFS)\(\s*+{_SKIP_ONE}"),
        _rule(HintKind.READ, r"\b(?:godotenv\.Load|viper\.AddConfigPath|viper\.SetConfigFile)\((?!\))\s*+"),
        _rule(HintKind.READ, r"\btls\.LoadX509KeyPair\(\s*+"),
        _rule(HintKind.WRITE, r"\bos\.(?:Create|WriteFile|OpenFile|Mkdir|MkdirAll|MkdirTemp|CreateTemp|Rename)\(\s*+"),
        _rule(HintKind.WRITE, r"\bioutil\.(?:WriteFile|TempFile|TempDir)\(\s*+"),
        _rule(HintKind.PORT, r"\.(?:ListenAndServe|ListenAndServeTLS)\(\s*+"),
        _rule(HintKind.PORT, rf"\bnet\.Listen\(\s*+{_SKIP_ONE}"),
        _rule(HintKind.PORT, r"\bAddr:\s*+", r"\bhttp\.Server\{"),
        _rule(HintKind.PORT, r"\.(?:Run|Start|Listen)\(\s*+(?=[\"`]:?\d|[\"`][\w.]*:\d)"),
        _rule(HintKind.NATIVE, r"\bplugin\.Open\(\s*+", r'"plugin"'),
        _rule(HintKind.NATIVE, r'"github\.com/ebitengine/purego"', argument=False),
        _rule(HintKind.STATE, r'/(?:go-sqlite3|sqlite3?|bbolt|badger|goleveldb)(?:/v\d++)?"', argument=False),
        _rule(HintKind.STATE, r"lumberjack\.Logger\{", argument=False),
        _rule(HintKind.ZONE, r"\btime\.LoadLocation\(\s*+"),
        # An address of MySQL, and a schedule of cron.
        _rule(HintKind.ZONE, r"[?&]loc=(?=[A-Z]\w*+(?:/|%2[Ff]))|[\"`](?:CRON_)?TZ=(?=[A-Z])", argument=False),
        _rule(
            HintKind.SERVICE, rf"\bnet\.(?:Listen|Dial|Resolve)\w*+\([^\n]{{0,200}}?{_NAMED_PORT_GO}", argument=False
        ),
        _rule(HintKind.SERVICE, rf"\b(?:ListenAndServe(?:TLS)?\(|Addr:)\s*+{_NAMED_PORT_GO}", argument=False),
        _rule(HintKind.SERVICE, r"\bLookupPort\(", argument=False),
        _rule(HintKind.MEDIA_TYPE, r"\bmime\.(?:TypeByExtension|ExtensionsByType)\b", argument=False),
        _rule(HintKind.MEDIA_TYPE, r"\bhttp\.(?:FileServer|ServeFile|ServeContent)(?:FS)?\b", argument=False),
    ),
    "node": lambda: (
        _rule(HintKind.SERVICE, r"\blookupService\(", argument=False),
        _rule(HintKind.PROGRAM, rf"(?<![.\w])(?:{_SPAWN_JS}|execa|execaSync)\(\s*+", _PROCESS_JS),
        _rule(HintKind.PROGRAM, rf"\b(?:{_PROCESS_MODULE}|crossSpawn|Bun)\.(?:{_SPAWN_JS}|sync)\(\s*+", _PROCESS_JS),
        _rule(HintKind.SHELL, r"(?<![.\w])(?:exec|execSync|execAsync|execPromise|execCommand)\(\s*+", _PROCESS_JS),
        _rule(HintKind.SHELL, rf"\b(?:{_PROCESS_MODULE}|shell|shelljs)\.(?:exec|execSync)\(\s*+", _PROCESS_JS),
        _rule(HintKind.SHELL, rf"{_REQUIRED}\.(?:exec|execSync)\(\s*+"),
        _rule(HintKind.PROGRAM, rf"{_REQUIRED}\.(?:{_SPAWN_JS})\(\s*+"),
        _rule(HintKind.READ, r"\b(?:readFile|readFileSync|readdir|readdirSync|createReadStream|existsSync)\(\s*+"),
        _rule(HintKind.READ, r"\b(?:express|serve)\.?[sS]tatic\(\s*+"),
        _rule(HintKind.READ, r"\.(?:sendFile|render)\(\s*+(?=['\"`])"),
        _rule(HintKind.WRITE, r"\b(?:writeFile|appendFile|mkdir|mkdtemp|outputFile|ensureDir)(?:Sync)?\(\s*+"),
        _rule(HintKind.WRITE, r"\bcreateWriteStream\(\s*+"),
        _rule(HintKind.PORT, r"\.listen\(\s*+(?=[\w\"'`])"),
        _rule(HintKind.PORT, rf"\b(?:port|PORT)\s*+=\s*+(?:Number\(|parseInt\()?(?:{_FROM_ENVIRONMENT})?(?=[\"']?\d)"),
        _rule(HintKind.NATIVE, r"\b(?:ffi-napi|koffi|node-ffi|process\.dlopen|bun:ffi|Deno\.dlopen)\b", argument=False),
        _rule(HintKind.STATE, rf"['\"](?:{_STATE_JS})['\"]", argument=False),
        _rule(HintKind.STATE, r"\b(?:winston-daily-rotate-file|transports\.File|pino\.destination)\b", argument=False),
    ),
    "python": lambda: (
        _rule(HintKind.PROGRAM, rf"\bsubprocess\.(?:{_RUN_PY})\(\s*+(?:args\s*+=\s*+)?", _PROCESS_PY),
        _rule(HintKind.SHELL, r"\bsubprocess\.(?:getoutput|getstatusoutput)\(\s*+", _PROCESS_PY),
        _rule(HintKind.PROGRAM, rf"(?<![.\w])(?:{_RUN_PY})\(\s*+", r"from\s++subprocess\s++import"),
        _rule(HintKind.SHELL, r"\bos\.(?:system|popen)\(\s*+"),
        _rule(HintKind.PROGRAM, r"\bos\.exec[lv]p?e?\(\s*+"),
        _rule(HintKind.PROGRAM, rf"\bos\.(?:spawn|posix_spawn)\w*+\(\s*+{_SKIP_ONE}"),
        _rule(HintKind.PROGRAM, r"\bcreate_subprocess_exec\(\s*+"),
        _rule(HintKind.SHELL, r"\bcreate_subprocess_shell\(\s*+"),
        _rule(HintKind.PROGRAM, r"\bshutil\.which\(\s*+"),
        _rule(HintKind.PROGRAM, r"\bpexpect\.(?:spawn|run)\(\s*+"),
        _rule(HintKind.SHELL, r"\binvoke\.run\(\s*+"),
        _rule(HintKind.SHELL, r"(?<![.\w])run\(\s*+", r"from\s++invoke\s++import\s[^\n]{0,300}\brun\b"),
        _rule(
            HintKind.PROGRAM, r"\btorch\.compile\b|\bfrom\s++torch\s++import\s[^\n]{0,300}\bcompile\b", argument=False
        ),
        _rule(HintKind.PROGRAM, r"\bcpp_extension(?:\.|\s++import\s[^\n]{0,300}\b)load(?:_inline)?\b", argument=False),
        _rule(HintKind.PROGRAM, r"\.verify\(", r"\bcffi\b", argument=False),
        _rule(HintKind.PROGRAM, r"\bnumpy\.f2py\b|\bfrom\s++numpy\s++import\s[^\n]{0,300}\bf2py\b", argument=False),
        _rule(HintKind.READ, r"(?<![.\w])open\(\s*+"),
        _rule(HintKind.READ, r"\b(?:load_dotenv|FileSystemLoader|send_from_directory)\(\s*+(?=['\"])"),
        _rule(HintKind.READ, r"\b(?:StaticFiles|Jinja2Templates)\(\s*+directory\s*+=\s*+"),
        _rule(HintKind.WRITE, r"\bos\.(?:makedirs|mkdir)\(\s*+"),
        _rule(HintKind.WRITE, r"\b(?:FileHandler|RotatingFileHandler|TimedRotatingFileHandler)\(\s*+"),
        _rule(HintKind.WRITE, r"(?<![.\w])open\(\s*+(?=[^\n]{0,300}?,\s*+(?:mode\s*+=\s*+)?['\"][wax])"),
        _rule(HintKind.PORT, r"\b(?:run|run_app|serve)\([^()\n]{0,200}?\bport\s*+=\s*+(?=[\"']?\d)"),
        _rule(
            HintKind.NATIVE, r"\b(?:CDLL|PyDLL|LoadLibrary|find_library|dlopen)\s*+\(\s*+|\b(?:cdll|pydll)\s*+\[\s*+"
        ),
        _rule(HintKind.NATIVE, r"\b(?:cdll|pydll)\.(?!LoadLibrary\b)[A-Za-z_]\w*+", argument=False),
        _rule(HintKind.STATE, r"\bsqlite:///|\bsqlite3\b|\bshelve\b|\btinydb\b", argument=False),
        _rule(HintKind.STATE, r"\b(?:UPLOAD_FOLDER|MEDIA_ROOT)\b", argument=False),
        _rule(HintKind.ZONE, r"\b(?:ZoneInfo|tz\.gettz)\(\s*+"),
        _rule(HintKind.SERVICE, _SERVICES, argument=False),
        _rule(HintKind.MEDIA_TYPE, r"\bmimetypes\b", argument=False),
        _rule(HintKind.MEDIA_TYPE, r"\b(?:FileResponse|StaticFiles|send_file|send_from_directory)\(", argument=False),
    ),
    "java": lambda: (
        _rule(HintKind.PROGRAM, r"\bgetRuntime\(\)\s*+\.exec\(\s*+(?:new\s++String\s*+\[\]\s*+\{\s*+)?"),
        _rule(HintKind.PROGRAM, r"\bProcessBuilder\(\s*+(?:(?:List\.of|Arrays\.asList|listOf)\(\s*+)?"),
        _rule(HintKind.READ, r"\bnew\s++(?:FileInputStream|FileReader|File|FileSystemResource)\(\s*+"),
        _rule(HintKind.READ, r"\b(?:Paths\.get|Path\.of|ResourceUtils\.getFile)\(\s*+"),
        _rule(HintKind.WRITE, r"\bnew\s++(?:FileOutputStream|FileWriter|RandomAccessFile)\(\s*+"),
        _rule(HintKind.WRITE, r"\bFiles\.(?:write|writeString|createDirector\w++|createTemp\w++|copy)\(\s*+"),
        _rule(HintKind.PORT, r"\bnew\s++(?:ServerSocket|InetSocketAddress)\(\s*+"),
        _rule(HintKind.NATIVE, r"\bSystem\.(?:load|loadLibrary)\(\s*+"),
        _rule(HintKind.NATIVE, r"\bcom\.sun\.jna\b|\bSymbolLookup\.libraryLookup\b", argument=False),
        _rule(HintKind.PROGRAM, r"\bToolProvider\.getSystemJavaCompiler\b", argument=False),
        _rule(HintKind.STATE, r"\bjdbc:(?:h2:file|h2:\.|h2:~|sqlite|derby)", argument=False),
        _rule(HintKind.ZONE, r"\bZoneId\.of\(\s*+"),
    ),
    "dotnet": lambda: (
        _rule(HintKind.PROGRAM, r"\bProcess\.Start\(\s*+(?=[\"@$])"),
        _rule(HintKind.PROGRAM, r"\bProcessStartInfo\(\s*+(?!\))"),
        _rule(HintKind.PROGRAM, r"\bFileName\s*+=\s*+", r"\bProcessStartInfo\b|\bStartInfo\b"),
        _rule(HintKind.READ, r"\bFile\.(?:ReadAll\w++|ReadLines|OpenRead|Exists|OpenText|Open)\(\s*+"),
        _rule(HintKind.READ, r"\bDirectory\.(?:Exists|GetFiles|EnumerateFiles|GetDirectories)\(\s*+"),
        _rule(
            HintKind.READ, r"\bnew\s++(?:FileStream|StreamReader|FileInfo|X509Certificate2|PhysicalFileProvider)\(\s*+"
        ),
        _rule(HintKind.READ, r"\b(?:AddJsonFile|AddXmlFile|AddIniFile)\(\s*+"),
        _rule(HintKind.WRITE, r"\bFile\.(?:WriteAll\w++|AppendAll\w++|Create|OpenWrite)\(\s*+"),
        _rule(HintKind.WRITE, r"\b(?:Directory\.CreateDirectory|new\s++StreamWriter)\(\s*+"),
        _rule(HintKind.PORT, r"\b(?:UseUrls|Listen\w*+)\(\s*+(?=[\"\d])"),
        _rule(HintKind.NATIVE, r"\b(?:DllImport|LibraryImport)\(\s*+"),
        _rule(HintKind.NATIVE, r"\bNativeLibrary\.(?:Load|TryLoad)\b", argument=False),
        _rule(HintKind.STATE, rf"\b(?:{_STATE_NET})\b", argument=False),
        _rule(HintKind.ZONE, r"\bFindSystemTimeZoneById\(\s*+"),
    ),
    "php": lambda: (
        _rule(HintKind.SHELL, r"(?<![\w>:$])(?:exec|shell_exec|system|passthru|proc_open|popen)\(\s*+"),
        _rule(HintKind.PROGRAM, r"\bpcntl_exec\(\s*+"),
        _rule(HintKind.PROGRAM, r"\bnew\s++\\?(?:Symfony\\Component\\Process\\)?Process\(\s*+\[?\s*+"),
        _rule(HintKind.SHELL, r"\bProcess::(?:fromShellCommandline|run)\(\s*+"),
        _rule(HintKind.READ, r"(?<![\w>:$])(?:file_get_contents|fopen|file|readfile|opendir|scandir)\(\s*+"),
        _rule(HintKind.READ, r"(?<![\w>:$])(?:is_file|is_dir|file_exists|parse_ini_file|simplexml_load_file)\(\s*+"),
        _rule(HintKind.READ, r"(?<![\w>:$])(?:require|include)(?:_once)?\s*+\(?\s*+(?:__DIR__\s*+\.\s*+)?"),
        _rule(HintKind.READ, r"(?<![\w>:$])(?:base|resource|config|database|public)_path\(\s*+(?!\))"),
        _rule(
            HintKind.WRITE, r"(?<![\w>:$])(?:file_put_contents|mkdir|move_uploaded_file|touch|storage_path)\(\s*+(?!\))"
        ),
        _rule(HintKind.NATIVE, r"\bFFI::(?:cdef|load)\s*+\(", argument=False),
        _rule(HintKind.STATE, r"\bsqlite:|\bSQLite3\b|\bmove_uploaded_file\b", argument=False),
    ),
    "ruby": lambda: (
        _rule(HintKind.SERVICE, _SERVICES, argument=False),
        _rule(HintKind.PROGRAM, rf"(?<![\w.:@$])(?:Kernel\.)?(?:system|exec|spawn)(?:\(\s*+|{_BARE_RB})"),
        _rule(HintKind.PROGRAM, r"\b(?:IO\.popen|Process\.(?:spawn|exec)|PTY\.spawn)(?:\(|\s)\s*+"),
        _rule(HintKind.PROGRAM, r"\bOpen3\.(?:capture2e?|capture3|popen2e?|popen3|pipeline\w*+)(?:\(|\s)\s*+"),
        _rule(HintKind.SHELL, r"(?<=[\s=(\[{,|&!])(?=`[\w./#])", literal=True),
        _rule(HintKind.PROGRAM, r"%x(?=[({\[|!])", argument=False),
        _rule(HintKind.READ, r"\b(?:File|IO)\.(?:read|binread|open|readlines|foreach|exist\?|file\?|new)(?:\(|\s)\s*+"),
        _rule(HintKind.READ, r"\b(?:YAML|Psych|JSON)\.(?:unsafe_|safe_)?load_file!?(?:\(|\s)\s*+"),
        _rule(HintKind.READ, r"\bDir\.(?:glob|entries|children|each_child|exist\?)(?:\(|\s)\s*+|\bDir\[\s*+"),
        _rule(HintKind.READ, r"\b(?:Rails\.root\.join|send_file|Pathname\.new)(?:\(|\s)\s*+"),
        _rule(HintKind.WRITE, r"\b(?:File|IO)\.(?:write|binwrite)(?:\(|\s)\s*+"),
        _rule(HintKind.WRITE, r"\bFile\.open\(\s*+(?=[^\n]{0,200}?,\s*+['\"][wa])"),
        _rule(HintKind.WRITE, r"\b(?:FileUtils\.(?:mkdir_p|mkdir|touch|cp|mv|cp_r)|Dir\.mkdir)(?:\(|\s)\s*+"),
        _rule(HintKind.WRITE, r"\bLogger\.new(?:\(|\s)\s*+(?=['\"])"),
        _rule(HintKind.PORT, rf"(?m)^[ \t]*+port\s*+\(?\s*+(?:{_PORT_RB})?(?=[\"']?\d)"),
        _rule(HintKind.PORT, r"\bset\s*+\(?\s*+:port\s*+,\s*+(?=\d)"),
        _rule(HintKind.NATIVE, r"\b(?:ffi_lib|dlload|dlopen)\b\s*+\(?\s*+"),
        _rule(HintKind.STATE, r"\bhas_(?:one|many)_attached\b|\bSQLite3::Database\b", argument=False),
        _rule(HintKind.STATE, r"(?m)^[ \t]*+storage\s++:file\b|\bPStore\.new\b", argument=False),
        _rule(HintKind.ZONE, r"\bTZInfo\b|\.time_zone\s*+=|\bin_time_zone\b", argument=False),
    ),
    "elixir": lambda: (
        _rule(HintKind.PROGRAM, r"\b(?:System|MuonTrap)\.(?:cmd|find_executable)\(\s*+"),
        _rule(HintKind.SHELL, r"\bSystem\.shell\(\s*+|:os\.cmd\(\s*+"),
        _rule(HintKind.PROGRAM, r"\bPort\.open\(\s*+\{\s*+:spawn(?:_executable)?\s*+,\s*+"),
        _rule(HintKind.READ, r"\bFile\.(?:read|stream|exists\?|ls|open|dir\?|regular\?|stat)!?\(\s*+"),
        _rule(HintKind.READ, rf"\bApplication\.app_dir\(\s*+{_SKIP_ONE}"),
        _rule(HintKind.READ, r"\b(?:Path\.(?:expand|wildcard)|Code\.eval_file)\(\s*+"),
        _rule(HintKind.WRITE, r"\bFile\.(?:write|mkdir_p|mkdir|touch|cp|cp_r|rename)!?\(\s*+"),
        _rule(HintKind.PORT, rf"\bport:\s*+(?:{_PORT_EX})?(?=[\"']?\d)"),
        _rule(HintKind.STATE, r"\bEcto\.Adapters\.SQLite3\b|:mnesia\b|:dets\b", argument=False),
    ),
    "rust": lambda: (
        _rule(HintKind.SERVICE, _SERVICES, argument=False),
        _rule(HintKind.PROGRAM, r"\bCommand::new\(\s*+", r"(?s)\A(?!.*\bclap\b)|\bprocess\b"),
        _rule(HintKind.READ, r"\b(?:File::open|NamedFile::open(?:_async)?|ServeDir::new|ServeFile::new)\(\s*+"),
        _rule(HintKind.READ, r"\bfs::(?:read|read_to_string|read_dir|canonicalize|metadata)\(\s*+"),
        _rule(HintKind.READ, r"\b(?:Path::new|PathBuf::from|File::with_name|FileServer::from)\(\s*+"),
        _rule(HintKind.READ, rf"\bFiles::new\(\s*+{_SKIP_ONE}"),
        _rule(HintKind.WRITE, r"\b(?:File::create|fs::(?:write|create_dir|create_dir_all|rename|copy))\(\s*+"),
        _rule(HintKind.WRITE, r"\bOpenOptions::new\(\)", argument=False),
        _rule(HintKind.PORT, r"(?:\bTcpListener::|\.|\bServer::)bind\(\s*+&?(?=[\"\d])"),
        _rule(HintKind.PORT, r"\bSocketAddr::from\(\(\s*+\[[^\]\n]*+\]\s*+,\s*+"),
        _rule(HintKind.NATIVE, r"\bLibrary::new\(\s*+", r"\blibloading\b"),
        _rule(HintKind.STATE, r"\bsqlite:|\brusqlite\b|\bsled::open\b|\bSqlitePool\b", argument=False),
    ),
    "crystal": lambda: (
        _rule(HintKind.PROGRAM, r"\bProcess\.(?:run|new|exec|find_executable)(?:\(|\s)\s*+"),
        _rule(HintKind.PROGRAM, r"(?<![\w.:@$])system(?:\(\s*+|[ \t]++(?=[\"`]))"),
        _rule(HintKind.SHELL, r"(?<=[\s=(\[{,|&!])(?=`[\w./#])", literal=True),
        _rule(HintKind.PROGRAM, r"%x(?=[({\[|!])", argument=False),
        _rule(HintKind.READ, r"\b(?:File|Dir)\.(?:read|open|new|each_line|glob|exists\?)(?:\(|\s)\s*+"),
        _rule(HintKind.WRITE, r"\b(?:File\.(?:write|touch)|Dir\.mkdir(?:_p)?|FileUtils\.\w++)(?:\(|\s)\s*+"),
        _rule(HintKind.STATE, r"\bsqlite3:", argument=False),
    ),
    "zig": lambda: (
        _rule(HintKind.PROGRAM, r"\bprocess\.(?:Child|exec\w*+)\b|\bChildProcess\b|\bfork\(", argument=False),
        _rule(HintKind.READ, r"\.(?:openFile|openDir|openFileAbsolute)\(\s*+"),
        _rule(HintKind.WRITE, r"\.(?:createFile|createFileAbsolute|makeDir|makePath|makeOpenPath)\(\s*+"),
        _rule(HintKind.NATIVE, r"\bDynLib\.open\w*+\(\s*+"),
    ),
    "swift": lambda: (
        _rule(HintKind.PROGRAM, r"\b(?:Process|NSTask)(?:\.init)?\(\s*+\)", argument=False),
        _rule(HintKind.PROGRAM, r"\bProcess\.(?:run|launchedProcess|execute|asyncExecute)\b", argument=False),
        _rule(HintKind.SHELL, r"(?<![\w.])(?:Glibc\.)?(?:system|popen)\(\s*+"),
        _rule(HintKind.PROGRAM, r"(?<![\w.])(?:posix_spawnp?|execvp?e?|fork|vfork)\(", argument=False),
        _rule(HintKind.READ, r"\b(?:atPath|contentsOfFile|contentsOf|fileURLWithPath|forResource|filePath):\s*+"),
        _rule(HintKind.READ, r"(?<![\w.])(?:fopen|open|opendir)\(\s*+"),
        _rule(HintKind.WRITE, r"\.(?:createFile|createDirectory|copyItem|moveItem)\(\s*+\w*+:?\s*+"),
        _rule(
            HintKind.WRITE,
            r"\.write\(\s*+(?:to|toFile):\s*+|\bforWritingTo\w*+:\s*+|\bFileHandle\(forUpdating\w*+:\s*+",
        ),
        _rule(HintKind.PORT, r"\bport(?:\s*+[:=]\s*+|:\s*+)(?=\d)"),
        _rule(HintKind.NATIVE, r"(?<![\w.])dlopen\(\s*+"),
        _rule(HintKind.STATE, r"\b(?:SQLite\w*+|FluentSQLite\w*+|GRDB)\b", argument=False),
    ),
    "d": lambda: (
        _rule(HintKind.PROGRAM, rf"(?<![\w.])(?:{_MODULES_D})?(?:{_SPAWN_D})\(\s*+"),
        _rule(HintKind.PROGRAM, rf"(?<![\w.])(?:{_MODULES_D})?execute\(\s*+", _PROCESS_D),
        _rule(HintKind.SHELL, rf"(?<![\w.])(?:{_MODULES_D})?(?:executeShell|spawnShell|pipeShell)\(\s*+"),
        _rule(HintKind.SHELL, r"(?<![\w.])(?:core\.stdc\.stdlib\.)?(?:system|popen)\(\s*+"),
        _rule(HintKind.PROGRAM, rf"(?<!process)\.(?:{_SPAWN_D}|executeShell|spawnShell|pipeShell)\b", argument=False),
        _rule(HintKind.PROGRAM, r"(?<!process)\.(?:execute|system)\b(?!\()", _PROCESS_D, argument=False),
        _rule(HintKind.READ, r"(?<![\w.])(?:std\.file\.)?(?:readText|slurp|dirEntries)\(\s*+"),
        _rule(HintKind.READ, r"(?<![\w.])(?:serveStaticFiles?|openFile|readFile(?:UTF8)?|sendFile|File)\(\s*+"),
        _rule(HintKind.WRITE, r"(?<![\w.])(?:std\.file\.)?(?:mkdir|mkdirRecurse|rename|copy)\(\s*+"),
        _rule(HintKind.WRITE, r"\bstd\.file\.(?:write|append)\(\s*+|\b(?:writeFile|appendToFile)\w*+\(\s*+"),
        _rule(HintKind.WRITE, r"\bFile\([^()\n]*+,\s*+\"[wa]|\.toFile\(|\bFileMode\.", argument=False),
        _rule(HintKind.PORT, r"\.port\s*+=\s*+(?=\d)"),
        _rule(HintKind.NATIVE, r"\b(?:dlopen|Runtime\.loadLibrary|SharedLib)\b", argument=False),
        _rule(HintKind.STATE, r"\b(?:d2sqlite3|FileLogger)\b", argument=False),
    ),
    "c": lambda: (
        _rule(HintKind.SERVICE, _SERVICES, argument=False),
        _rule(HintKind.SERVICE, r"\bgetaddrinfo\([^\n]{0,200}?,\s*+\"[a-z][\w-]*+\"", argument=False),
        _rule(HintKind.SHELL, r"(?<![\w.>:])(?:std::)?(?:system|popen)\(\s*+"),
        _rule(HintKind.PROGRAM, r"(?<![\w.>:])(?:execl|execle|execlp|execv|execve|execvp|execvpe)\(\s*+"),
        _rule(HintKind.PROGRAM, rf"(?<![\w.>:])posix_spawnp?\(\s*+{_SKIP_ONE}"),
        _rule(HintKind.READ, r"(?<![\w.>:])(?:fopen|open|opendir)\(\s*+"),
        _rule(HintKind.READ, r"\bifstream\b[^;({\n]*+[({]\s*+"),
        _rule(HintKind.WRITE, r"\bofstream\b[^;({\n]*+[({]\s*+"),
        _rule(HintKind.WRITE, r"(?<![\w.>:])(?:mkdir|mkstemp|creat)\(\s*+"),
        _rule(HintKind.PORT, r"\bhtons\(\s*+"),
        _rule(HintKind.NATIVE, r"\bdlopen\s*+\(\s*+"),
        _rule(HintKind.STATE, r"\bsqlite3_open\w*+\(", argument=False),
    ),
}


@functools.cache
def rules_of(language: str) -> tuple[SourceRule, ...]:
    """The rules of one language. They are compiled when it is asked for: a project has one language or two."""
    return _RULES[language]()


IMPORTS_PROCESSES: dict[str, re.Pattern[str]] = {
    "go": re.compile(r'"os/exec"'),
    "node": re.compile(r"['\"](?:node:)?child_process['\"]|['\"](?:cross-spawn|execa|shelljs|zx)['\"/]"),
    "python": re.compile(r"(?m)^[ \t]*+(?:import|from)\s++(?:subprocess|pexpect|plumbum|sh)\b"),
    "java": re.compile(
        r"\bProcessBuilder\b|\bcommons\.exec\b|\bzeroturnaround\.exec\b|\b(?:scala\.)?sys\.process\b|\bos\.proc\b"
        r"|[\"']\s*+\.execute\(\)"
    ),
    "dotnet": re.compile(r"\bProcessStartInfo\b|\bCliWrap\b"),
    "ruby": re.compile(r"\b(?:Open3|POSIX::Spawn|TTY::Command|Terrapin|Cocaine|ChildProcess)\b"),
    "elixir": re.compile(r"\b(?:Rambo|Porcelain|Exile|ExCmd)\."),
    "swift": re.compile(r"\bimport\s++(?:Subprocess|ShellOut|SwiftShell|Shwift|Commands?|TSCBasic|Shell)\b"),
    "d": re.compile(
        r"\bimport\b[^;:]*\b(?:std\.process|vibe\.core\.process)\b"
        r"(?!\s*+:\s*+(?:environment|thisProcessID|thisThreadID)\s*+[,;])|\bcore\.sys\.posix\.(?:unistd|spawn)\b"
    ),
    "rust": re.compile(r"\bprocess::Command\b|\buse\s++duct\b"),
}
"""What a file that runs programs mentions: when no rule finds the call, the program is one that is not known."""
