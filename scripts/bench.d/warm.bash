# Builds, runs and tests that have nothing to do: against cargo by itself, and against the same cargo in the same tree, entered by
# bubblewrap with nothing but what it needs.

measure_warm() {
    local verb
    project "$work/crossed"
    cp -r "$DEMO/crate" "$work/plain"
    cp -r "$DEMO/crate" "$work/bare"
    local cargo="env PATH=$DEMO/toolchain/bin:/usr/bin:/bin cargo"
    racer=(
        [plain]="$cargo build --quiet"
        [unshared]="unshare --user --map-root-user --mount --pid --fork $cargo build --quiet"
    )
    place=([plain]=$work/plain [unshared]=$work/plain)
    for verb in build run test; do
        racer[ours-$verb]="env PATH=/usr/bin:/bin $programs/cross $verb --quiet --target $triple $(harness "$verb")"
        racer[bare-$verb]="$(bare) cargo $verb --quiet --target $triple $(harness "$verb")"
        place[ours-$verb]=$work/crossed
        place[bare-$verb]=$work/bare
    done
    # Twice: what was written a moment ago is not yet relied on.
    for verb in build run test build run test; do
        (cd "$work/crossed" && ${racer[ours-$verb]}) >"$work/warm.log" 2>&1 || fail "$(tail -n 3 "$work/warm.log")"
    done
    race 4 plain unshared ours-build bare-build ours-run bare-run ours-test bare-test
    row "build with nothing to do, against plain cargo + 15 ms" \
        "$(plus "${milliseconds[plain]}" 15)" "${milliseconds[ours-build]}" ms 1.00
    note "plain cargo alone" "${milliseconds[plain]} ms"
    note "plain cargo behind a bare unshare and exec" "${milliseconds[unshared]} ms"
    note "the same cargo in the same tree behind bwrap" "${milliseconds[bare-build]} ms"
    # Of the 15 ms, bwrap takes some 5 itself.
    for verb in run test; do
        row "$verb with nothing to do, against the same cargo in the same tree behind bwrap + 10 ms" \
            "$(plus "${milliseconds[bare-$verb]}" 10)" "${milliseconds[ours-$verb]}" ms 1.00
    done
}

# rustdoc compiles examples anew each time, and what integration tests start has no emulator behind bwrap.
harness() {
    if [[ $1 == test ]]; then echo --lib; fi
}

bare() {
    local under=${triple//-/_} upper
    upper=${under^^}
    echo "bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts --die-with-parent --ro-bind $rootfs /" \
        "--proc /proc --dev /dev --tmpfs /tmp --tmpfs /var/tmp --bind $work/bare $work/bare --chdir $work/bare --clearenv" \
        "--setenv PATH /usr/sbin:/usr/bin:/sbin:/bin --setenv HOME /tmp --setenv CARGO_HOME $work/bare/.cargo-home" \
        "--setenv CARGO_TARGET_${upper}_LINKER aarch64-linux-gnu-gcc --setenv CARGO_TARGET_${upper}_RUNNER qemu-aarch64" \
        "--setenv CC_$under aarch64-linux-gnu-gcc --setenv CXX_$under aarch64-linux-gnu-g++" \
        "--setenv AR_$under aarch64-linux-gnu-ar --setenv QEMU_LD_PREFIX /usr/aarch64-linux-gnu"
}
