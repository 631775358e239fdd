# Work inside against the same work outside: compiling, and many small files. Inside and outside have the same toolchain's version.

measure_inside() {
    demo/ripgrep
    local round
    project "$work/inside"
    cp -r "$DEMO/ripgrep" "$work/inside/ripgrep"
    cp -r "$DEMO/ripgrep" "$work/outside"
    mkdir -p "$work/inside/target" "$work/outside/target"
    local compile="cargo build --quiet --offline" files='cp -r "$1" "$0" && find "$0" -type f -exec grep -l xyz {} + | wc -l'
    declare -A best=([compile-in]=99999 [compile-out]=99999 [files-in]=99999 [files-out]=99999)
    # First, as nothing was removed yet: ext4 looks long for inodes after that.
    for round in 1 2 3 4; do
        outside files-out "$work/outside" sh -c "$files" "$work/outside/target/copy-$round" "$rootfs/usr/share"
        inside files-in "sh -c '$files' $work/inside/target/copy-$round /usr/share"
        note_best files-out files-in
    done
    for round in 1 2; do
        rm -rf "$work/outside/target/debug"
        outside compile-out "$work/outside" env PATH="$DEMO/toolchain/bin:/usr/bin:/bin" $compile --target-dir "$work/outside/target"
        inside compile-in "rm -rf target/debug; cd ripgrep && $compile --target-dir $work/inside/target"
        note_best compile-out compile-in
    done
    row "compile ripgrep for this machine inside, against outside" "${best[compile-out]}" "${best[compile-in]}" s 1.02
    row "copy and search a tree of many files inside, against outside" "${best[files-out]}" "${best[files-in]}" s 1.02
}

note_best() {
    local name
    for name; do best[$name]=$(least "${best[$name]}" "$(cut -d' ' -f1 "$work/$name.time")"); done
}

outside() {
    local name=$1 directory=$2
    shift 2
    cd "$directory"
    timed "$name" "$@"
    cd "$OLDPWD"
}

inside() {
    cd "$work/inside"
    timed "$1" "$programs/cross-util" run --target "$triple" -- "$2"
    cd "$OLDPWD"
}
