# Eight targets in one store: against as many trees of their own, and their images against podman's store; and what the warm path
# notices of the other seven.

measure_disk() {
    local targets=(aarch64 armv7 i686 powerpc64le arm powerpc mips64el s390x) name sum=0 root
    mkdir -p "$work/eight-project"
    cp -r "$DEMO/crate/." "$work/eight-project"
    # Of trixie, mirrors do not always have for s390x what its indexes name.
    printf '[build]\nrootfs = "debian"\n[target.s390x-unknown-linux-gnu]\nsuite = "bookworm"\n' >"$work/eight-project/Cross.toml"
    cd "$work/eight-project"
    for name in "${targets[@]}"; do
        name=$(whole "$name")
        CROSS_STORE=$work/eight timed "disk-$name" "$programs/cross-util" pull --target "$name"
        CROSS_STORE=$work/eight timed "push-$name" "$programs/cross-util" push --target "$name" "$REGISTRY/eight/$name:1"
    done
    cd "$OLDPWD"
    for root in "$work"/eight/rootfs/*; do sum=$((sum + $(size "$root"))); done
    row "disk of eight targets, against eight trees" "$sum" "$(size "$work/eight")" MB 0.60
    stores_of_images "${targets[@]}"
    growth
}

# The triple of a processor's Linux.
whole() {
    case $1 in
    armv7 | arm) echo "$1-unknown-linux-gnueabihf" ;;
    mips64el) echo "$1-unknown-linux-gnuabi64" ;;
    *) echo "$1-unknown-linux-gnu" ;;
    esac
}

# stores_of_images TARGET...: the same images in a store of ours and in one of podman's, after one, four and eight of them.
stores_of_images() {
    local count=0 name
    for name; do
        name=$REGISTRY/eight/$(whole "$name"):1
        CROSS_STORE=$work/images timed "ours-$count" "$programs/cross-fetch" image "$name"
        timed "theirs-$count" podman --root "$work/podman-images" --runroot "$work/run-images" --storage-driver overlay pull --quiet \
            --cert-dir "$work/certs" --authfile "$AUTH_FILE" "$name"
        count=$((count + 1))
        case $count in
        1) row "disk of one target's image, against podman's" "$(size "$work/podman-images")" "$(size "$work/images")" MB 1.00 ;;
        4) row "disk of 4 targets' images, against podman's" "$(size "$work/podman-images")" "$(size "$work/images")" MB 1.00 ;;
        8) row "disk of 8 targets' images, against podman's" "$(size "$work/podman-images")" "$(size "$work/images")" MB 0.60 ;;
        esac
    done
}

# The image's target beside eight others, against alone.
growth() {
    timed alone "$programs/cross-fetch" image "$image"
    CROSS_STORE=$work/eight timed beside "$programs/cross-fetch" image "$image"
    project "$work/grown"
    racer=(
        [alone]="env CROSS_STORE=$work/store PATH=/usr/bin:/bin $programs/cross build --quiet --target $triple"
        [beside]="env CROSS_STORE=$work/eight PATH=/usr/bin:/bin $programs/cross build --quiet --target $triple"
    )
    place=([alone]=$work/grown [beside]=$work/grown)
    (cd "$work/grown" && ${racer[alone]} && ${racer[beside]} && ${racer[beside]}) >"$work/grown.log" 2>&1 ||
        fail "$(tail -n 3 "$work/grown.log")"
    race 4 alone beside
    row "build with nothing to do beside eight targets in the store, against one" "${milliseconds[alone]}" "${milliseconds[beside]}" ms 1.10
}
