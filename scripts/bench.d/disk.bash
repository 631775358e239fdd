# Eight targets in one store, against as many trees of their own; and what the warm path notices of the other seven.

measure_disk() {
    local targets=(aarch64 armv7 i686 powerpc64le arm powerpc mips64el s390x) name sum=0 root
    mkdir -p "$work/eight-project"
    cp -r "$DEMO/crate/." "$work/eight-project"
    printf '[build]\nrootfs = "debian"\n' >"$work/eight-project/Cross.toml"
    cd "$work/eight-project"
    for name in "${targets[@]}"; do
        case $name in
        armv7 | arm) name=$name-unknown-linux-gnueabihf ;;
        mips64el) name=$name-unknown-linux-gnuabi64 ;;
        *) name=$name-unknown-linux-gnu ;;
        esac
        CROSS_STORE=$work/eight timed "disk-$name" "$programs/cross-util" pull --target "$name"
    done
    cd "$OLDPWD"
    for root in "$work"/eight/rootfs/*; do sum=$((sum + $(size "$root"))); done
    row "disk of eight targets, against eight trees" "$sum" "$(size "$work/eight")" MB 0.60
    growth
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
