# Where the demo's material goes, and when it need not be made again.
#
# Everything lives below $CROSS_DEMO, by default .build/demo of this checkout. What is made is made beside its
# place and renamed into it, so it is whole or absent; NAME.key holds the digest of the scripts that made it.

DEMO=$(realpath -m "${CROSS_DEMO:-$(dirname "${BASH_SOURCE[0]}")/../../.build/demo}")
SOURCE=$(realpath "$(dirname "${BASH_SOURCE[0]}")/..")

fail() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# made NAME FILE...: whether $DEMO/NAME was made by these very files; if not, removes it, to be made as $DEMO/NAME.new.
# Whoever makes the same at the same time is waited for.
made() {
    local name=$1 key lock
    shift
    key=$(cat "$@" | sha256sum | cut -d' ' -f1)
    mkdir -p "$DEMO"
    exec {lock}>"$DEMO/$name.lock"
    flock "$lock"
    [[ -e $DEMO/$name && $(cat "$DEMO/$name.key" 2>/dev/null) == "$key" ]] && return
    rm -rf "${DEMO:?}/$name" "$DEMO/$name.new"
    echo "$key" >"$DEMO/$name.key"
    return 1
}

# publish NAME: puts $DEMO/NAME.new in its place, owned by whoever called sudo.
publish() {
    [[ -z ${SUDO_UID:-} ]] || chown -R "$SUDO_UID:${SUDO_GID:-}" "$DEMO/$1.new" "$DEMO/$1.key"
    mv "$DEMO/$1.new" "$DEMO/$1"
}

# become_root ARGUMENT...: runs the calling script again through sudo, unless it has root's rights already.
become_root() {
    ((EUID == 0)) && return
    command -v sudo >/dev/null || fail "needs root, or sudo"
    exec sudo CROSS_DEMO="$DEMO" "$(realpath "$0")" "$@"
}
