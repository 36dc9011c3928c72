#!/bin/sh
# A stand-in for `docker`, `podman` and `buildah`: enough of their words to be built, started and cleared with.
#
# Put on PATH under one of those names; a shell, as it is started sixty times for one verification. FAKE_ENGINE is its
# folder: every call is a record of `calls`; containers and images are files below it. What an image does is read from
# comments of its Dockerfile: `# exit 3`, `# build sleeps`.

name=${0##*/}
home=$FAKE_ENGINE
PATH=/usr/bin:/bin

# Sets `file`: that of an image or a container.
file_of() {
    word=$2
    while :; do
        case $word in
        */*) word=${word%%/*}%${word#*/} ;;
        *) break ;;
        esac
    done
    file=$home/$1/$word
}

# Sets `value`: of the first comment by that name; fails without one.
said() {
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        "# $1 exit"*) ;;
        "# $1 "?*) value=${line#"# $1 "} && return 0 ;;
        esac
    done <"$file"
    return 1
}

# Sets `value`: the word behind another one.
behind() {
    wanted=$1
    shift
    while [ "$1" != "$wanted" ]; do shift; done
    value=$2
}

# Sets `file`: that of the image which one of the words names.
image_in() {
    for each; do
        file_of images "$each"
        [ -f "$file" ] && return 0
    done
    return 1
}

# Sets `value`: the last word.
last() {
    for value; do :; done
}

build() {
    behind --tag "$@"
    file_of images "$value"
    behind --file "$@"
    number=0
    while IFS= read -r line || [ -n "$line" ]; do
        number=$((number + 1))
        case $line in
        '') ;;
        '#'*) comment ;;
        *' AS '*) [ ! -e "$home/stages-fail" ] || fail_build ;;
        *) printf '#%s [%s/9] %s\n#%s DONE 0.1s\n' $number $number "$line" $number ;;
        esac
    done <"$value"
    cat "$value" >"$file"
}

# What a comment of a Dockerfile does to its build.
comment() {
    case $line in
    '# fails once')
        [ -e "$home/failed" ] && return
        : >"$home/failed"
        fail_build
        ;;
    '# build fails') fail_build ;;
    '# build sleeps')
        : >"$home/asleep"
        exec sleep 60
        ;;
    '# killed') kill -9 $$ ;;
    '# engine dies')
        : >"$home/down"
        exit 1
        ;;
    esac
}

fail_build() {
    printf '#8 [8/9] RUN false\n#8 ERROR: exit code: 1\nDockerfile:2\n--------------------\n\n'
    echo 'ERROR: failed to solve: exit code: 1'
    exit 1
}

# An image as `inspect` shows it: its layers are its instructions.
describe() {
    [ "$2" = inspect ] || exit 0
    file_of images "$3"
    value=
    said user
    layers=
    while IFS= read -r line || [ -n "$line" ]; do
        case $line in
        '' | '#'*) ;;
        *)
            set -- $(printf %s "$line" | cksum)
            layers="$layers${layers:+, }\"sha256:$1\""
            ;;
        esac
    done <"$file"
    echo '[{"Id": "sha256:1", "Config": {"Cmd": ["/bin/app"], "User": "'"$value"'"},' \
        '"RootFS": {"Layers": ['"$layers"']}, "Size": 100}]'
}

create() {
    image_in "$@" || exit 1
    text=$file
    behind --name "$@"
    file_of containers "$value"
    cat "$text" >"$file"
}

run() {
    case " $* " in
    *' --detach '*) ;;
    *)
        image_in "$@"
        smoke
        exit 0
        ;;
    esac
    create "$@"
    said refused || return 0
    echo "docker: Error response from daemon: $value" >&2
    exit 127
}

smoke() {
    value=smoke
    said smoke
    echo "$value"
}

inspect() {
    last "$@"
    file_of containers "$value"
    case $3 in
    *State*)
        running=true
        said stopped && running=false
        said exit && running=false || value=0
        echo '{"Running": '$running', "ExitCode": '"$value"', "Pid": 0}'
        ;;
    *) echo 0123456789ab ;;
    esac
}

execute() {
    file_of containers "$2"
    if [ "$3" = cat ]; then
        echo '  sl  local_address rem_address   st'
        while IFS= read -r line; do
            case $line in
            '# port '*) printf '   0: 00000000:%04X 00000000:0000 0A\n' "${line#'# port '}" ;;
            esac
        done <"$file"
        exit 0
    fi
    smoke
    value=0
    said 'smoke exit'
    exit "$value"
}

# The processes and their users; without the comment, an engine that cannot say.
top() {
    file_of containers "$2"
    value=
    said 'process of user' || exit 1
    printf 'PID UID\n1 %s\n' "$value"
}

logs() {
    file_of containers "$2"
    while IFS= read -r line; do
        case $line in
        '# says '*) printf '%s\n' "${line#'# says '}" >&2 ;;
        esac
    done <"$file"
}

list() {
    for file in "$home/$1"/*; do
        [ -e "$file" ] || continue
        word=${file##*/}
        while :; do
            case $word in
            *%*) word=${word%%\%*}/${word#*\%} ;;
            *) break ;;
            esac
        done
        printf '%s\n' "$word"
    done
}

record=
for each in "$name" "$@"; do record=$record$each$(printf '\037'); done
printf '%s\036' "$record" >>"$home/calls"
if [ -e "$home/down" ]; then
    echo 'Cannot connect to the daemon. Is it running?' >&2
    exit 1
fi
[ -e "$home/mute" ] && exec sleep 60
case $1 in
--version | -version) echo "$name version 4.9.3" ;;
version) echo '{"Client": {"Version": "26.1.5"}, "Server": {"Version": "26.1.5", "Os": "linux"}}' ;;
info) echo '{"host": {"serviceIsRemote": false}}' ;;
network) [ ! -e "$home/no-bridge" ] ;;
buildx)
    [ "$2" = build ] || { [ ! -e "$home/no-buildx" ] && exit 0 || exit 1; }
    build "$@"
    ;;
build) build "$@" ;;
image) describe "$@" ;;
create) create "$@" ;;
export)
    file_of containers "$2"
    exec "$PYTHON" -IS "$home/fake_export.py" "$file"
    ;;
run) run "$@" ;;
inspect) inspect "$@" ;;
exec) execute "$@" ;;
logs) logs "$@" ;;
top) top "$@" ;;
stop)
    last "$@"
    file_of containers "$value"
    printf '\n# stopped now\n' >>"$file"
    ;;
rm | rmi)
    last "$@"
    [ "$1" = rmi ] && file_of images "$value" || file_of containers "$value"
    rm -f "$file"
    ;;
ps) list containers ;;
images) list images ;;
tag)
    file_of images "$2"
    text=$file
    file_of images "$3"
    cat "$text" >"$file"
    ;;
esac
