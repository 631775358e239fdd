# What all topics stand on: a registry on loopback with the demonstration's image, and a store that has it.
#
# No tree is removed before the end: for some minutes, ext4 looks long for an inode where many were given back.

registry=$work/registry
# What is pulled, and what is built.
ground=$work/pulls
site=$work/site

clean_up() {
    # Whatever failed may have done so elsewhere.
    cd "$checkout"
    demo/registry stop "$registry" || true
    umount --quiet "$work"/podman-*/overlay "$ground/podman/overlay" "$ground" "$site" 2>/dev/null || true
    chmod -R u+rwX "$work" && rm -rf "$work"
}
trap clean_up EXIT

# own_disk DIRECTORY SIZE: a new file system, in a file that takes up what is written to it: nothing was removed from it that has to be searched past.
own_disk() {
    mkdir "$1"
    truncate --size "$2" "$1.ext4"
    mkfs.ext4 -q -E lazy_itable_init=0,lazy_journal_init=0 "$1.ext4"
    mount -o loop "$1.ext4" "$1"
    # Without it everything would be in the page cache twice.
    losetup --direct-io=on "$(findmnt --noheadings --output SOURCE "$1")"
}

# give_back DIRECTORY: its space, to what is measured next. podman leaves a mount there.
give_back() {
    umount --quiet "$1/podman/overlay" 2>/dev/null || true
    umount "$1"
    rmdir "$1"
    rm "$1.ext4"
}

prepare() {
    demo/image >/dev/null
    demo/vendor
    demo/toolchain
    demo/registry start "$registry" >/dev/null
    demo/push "$registry" demo >/dev/null
    # shellcheck source=/dev/null
    . "$registry/environment"
    image=$REGISTRY/cross/aarch64:demo
    mkdir -p "$work/certs" "$work/home"
    cp "$CA" "$work/certs/ca.crt"
    export HOME=$work/home CARGO_HOME=$work/home/.cargo CROSS_STORE=$work/store
    export SSL_CERT_FILE=$CA REGISTRY_AUTH_FILE=$AUTH_FILE
    timed prepare "$programs/cross-fetch" image "$image"
    rootfs=$(echo "$work"/store/rootfs/*)
}

# project DIRECTORY: the demonstration's crate, with the image that everything here is measured with.
project() {
    cp -r "$DEMO/crate" "$1"
    printf '[target.%s]\nimage = "%s"\n' "$triple" "$image" >"$1/Cross.toml"
}

size() {
    du --summarize --block-size=1000000 "$1" | cut -f1
}
