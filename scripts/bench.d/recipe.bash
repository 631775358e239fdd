# The root filesystem for aarch64, of the very same packages from the same mirror, against the distribution's own tool.

measure_recipe() {
    mkdir "$work/project"
    cp -r "$DEMO/crate/." "$work/project"
    printf '[build]\nrootfs = "debian"\n' >"$work/project/Cross.toml"
    # Once before, so that the mirror's caches are warm for everybody, and so is the lock.
    CROSS_STORE=$work/warm-up in_project warm-up "$programs/cross-util" pull --target "$triple"
    local store=$work/packages cold again
    CROSS_STORE=$store in_project cold "$programs/cross-util" pull --target "$triple"
    cold=$seconds
    rm -rf "$store/recipes"
    mv "$store/rootfs" "$work/rootfs-before"
    mkdir -m 700 "$store/rootfs"
    CROSS_STORE=$store in_project again "$programs/cross-util" pull --target "$triple"
    again=$seconds
    debootstrap "$work/mmdebstrap"
    row "Debian root filesystem, cold, against mmdebstrap" "$seconds" "$cold" s 0.25
    row "Debian root filesystem, packages in the store, against mmdebstrap" "$seconds" "$again" s 0.067
    row "its disk, against mmdebstrap's tree" "$(size "$work/mmdebstrap")" "$(size "$store")" MB 1.00
}

# debootstrap DIRECTORY: what Cross.lock says, unpacked and configured by mmdebstrap, and timed.
debootstrap() {
    local base security suite packages hook
    base=$(mirror_of bookworm)
    security=$(mirror_of bookworm-security)
    packages=$(awk '/^    ".*\.deb",$/ { sub(/^"/, "", $1); print $1 ($3 == "all" ? "" : ":" $3) ($4 ~ /^trixie/ ? "/trixie" : "") }' \
        "$work/project/Cross.lock" | paste -sd,)
    for suite in bookworm bookworm-updates trixie; do echo "deb $base $suite main"; done >"$work/sources.list"
    echo "deb $security bookworm-security main" >>"$work/sources.list"
    # shellcheck disable=SC2016  # mmdebstrap's shell expands it
    hook='printf "Package: *\nPin: release n=trixie\nPin-Priority: 100\n" >"$1/etc/apt/preferences.d/trixie"'
    timed mmdebstrap mmdebstrap --quiet --variant=custom --mode=root --architectures=amd64,arm64 --include="$packages" \
        --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/info/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
        --setup-hook="$hook" \
        bookworm "$1" "$work/sources.list"
}

# mirror_of bookworm|bookworm-security: where the machine's apt has it.
mirror_of() {
    # shellcheck disable=SC2016  # apt expands it
    apt-get indextargets --format '$(REPO_URI)' 'Identifier: Packages' "Codename: $1" 'Architecture: amd64' | head -n 1
}
