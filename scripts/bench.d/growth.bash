# One, eight and forty targets in one store: what a warm build, another root filesystem and pruning notice of the others. Times, and of the
# warm build its system calls and processes until cargo runs.
#
# The targets are the demonstration's image with one more file in each.

measure_growth() {
    local target
    declare -A building calling making pruning
    make_targets 41
    project "$work/growing"
    racer=([growing]="env CROSS_STORE=$work/growth PATH=/usr/bin:/bin $programs/cross build --quiet --target $triple")
    place=([growing]=$work/growing)
    # What the warm builds run in.
    CROSS_STORE=$work/growth timed "growth-0" "$programs/cross-fetch" image "$image"
    (cd "$work/growing" && ${racer[growing]} && ${racer[growing]}) >"$work/growing.log" 2>&1 || fail "$(tail -n 3 "$work/growing.log")"
    for target in {1..40}; do
        pull_target "$target"
        case $target in 1 | 8 | 40) ;; *) continue ;; esac
        race 4 growing
        building[$target]=${milliseconds[growing]}
        calling[$target]=$(calls_until_cargo "$work/growing" "${racer[growing]}")
        pull_target 41
        making[$target]=$seconds
        rm -r "$work/growth/images/$REGISTRY/bench/target/:41"
        CROSS_STORE=$work/growth timed "pruning-$target" "$programs/cross-util" store prune
        pruning[$target]=$seconds
    done
    compare "build with nothing to do" ms 1.10 building
    compare "its system calls until cargo runs" calls 1.00 calling
    compare "a root filesystem whose layers but one are in the store" s 1.25 making
    compare "forget one target and prune" s 1.50 pruning
}

# compare WHAT UNIT BUDGET FIGURES: with eight and with forty targets in the store against one.
compare() {
    local -n figures=$4
    row "$1, eight targets in the store against one" "${figures[1]}" "${figures[8]}" "$2" "$3"
    row "$1, forty against one" "${figures[1]}" "${figures[40]}" "$2" "$3"
}

# calls_until_cargo DIRECTORY COMMAND: of all processes; env is the first program, cargo the third.
calls_until_cargo() {
    # shellcheck disable=SC2086
    (cd "$1" && strace --follow-forks --quiet=all --output="$work/calls" $2)
    awk '/ execve.* = 0$/ && ++programs == 3 { exit } / resumed>/ || / execve/ { next } { count++ } END { print count }' "$work/calls"
}

# make_targets NUMBER: so many images, on the registry.
make_targets() {
    local layout=$work/targets target
    skopeo --insecure-policy copy --quiet --src-cert-dir "$work/certs" --authfile "$AUTH_FILE" "docker://$image" "oci:$layout:base"
    for ((target = 1; target <= $1; target++)); do
        echo "$target" >"$work/target"
        tar -c -C "$work" -f "$work/target.tar" target
        umoci raw add-layer --image "$layout:base" --tag "$target" "$work/target.tar"
        skopeo --insecure-policy copy --quiet --dest-cert-dir "$work/certs" --authfile "$AUTH_FILE" \
            "oci:$layout:$target" "docker://$REGISTRY/bench/target:$target"
    done
}

pull_target() {
    CROSS_STORE=$work/growth timed "growth-$1" "$programs/cross-fetch" image "$REGISTRY/bench/target:$1"
}
