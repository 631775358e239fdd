# The account that builds the crates in demo/targets, and `cross` as it runs it. Needs output.bash.

account=cross-demo
programs=$(realpath -m "${CROSS_BIN:-$SOURCE/../.build/release}")

as_root() {
    if ((EUID == 0)); then "$@"; else sudo "$@"; fi
}

# prepare PLACE: the user's home with the programs and the crates, both below PLACE; the store stays from run to run.
prepare() {
    [[ -x $programs/cross-util ]] || fail "no $programs/cross-util: build first"
    as_root "$SOURCE/lib/account" "$account"
    home=$(getent passwd "$account" | cut -d: -f6)
    place=$home/$1
    as_root rm -rf "$place"
    as_root mkdir -p "$place/bin"
    as_root cp "$programs"/{cross,cross-util,cross-fetch} "$place/bin"
    as_root cp -r "$SOURCE"/targets/*/ "$place"
    as_root chown "$account:" "$home"
    as_root chown -R "$account:" "$place"
}

# as_user CRATE COMMAND...
as_user() {
    local crate=$1
    shift
    as_root runuser -u "$account" -- env -i HOME="$home" PATH="$place/bin:/usr/bin:/bin" CROSS_STORE="$home/store" \
        CROSS_BUILD_ROOTFS=debian LANG=C.UTF-8 sh -c 'cd "$0" && exec "$@"' "$place/$crate" "$@"
}
