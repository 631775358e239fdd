# What all topics stand on: a registry on loopback with the demonstration's image, and a store that has it.
#
# Nothing is removed before the end: for some minutes, ext4 looks long for an inode where many were given back.

registry=$work/registry
# What is pulled.
ground=$work/pulls

clean_up() {
    # Whatever failed may have done so elsewhere.
    cd "$checkout"
    demo/registry stop "$registry" || true
    umount --quiet "$work"/podman-*/overlay "$ground"/podman-*/overlay "$ground" 2>/dev/null || true
    chmod -R u+rwX "$work" && rm -rf "$work"
}
trap clean_up EXIT

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
