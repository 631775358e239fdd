# Work inside against the same work outside: compiling, and many small files. Inside and outside have the same toolchain's version, and
# write to a disk of their own.

measure_inside() {
    demo/ripgrep
    local round
    own_disk "$site" 16G
    project "$site/inside"
    cp -r "$DEMO/ripgrep" "$site/inside/ripgrep"
    cp -r "$DEMO/ripgrep" "$site/outside"
    mkdir -p "$site/inside/target" "$site/outside/target"
    bundler "$site/outside/bundler"
    # A project is read-only inside, so its lock file has to be there.
    "$DEMO/toolchain/bin/cargo" generate-lockfile --quiet --offline --manifest-path "$site/outside/bundler/Cargo.toml"
    cp -r "$site/outside/bundler" "$site/inside/bundler"
    local build="cargo build --quiet --offline" path=$DEMO/toolchain/bin:/usr/bin:/bin
    local copy='cp -r "$1" "$0" && find "$0" -type f -exec grep -l xyz {} + | wc -l'
    declare -A best=()
    # Files first: after what is removed below, ext4 looks long for inodes.
    for round in 1 2 3 4; do
        outside files-out "$site/outside/bundler" env PATH="$path" $build --target-dir "$site/outside/target/files-$round"
        inside files-in "cd bundler && $build --target-dir $site/inside/target/files-$round"
        outside copy-out "$site/outside" sh -c "$copy" "$site/outside/target/copy-$round" "$rootfs/usr/share"
        inside copy-in "sh -c '$copy' $site/inside/target/copy-$round /usr/share"
        note_best files-out files-in copy-out copy-in
    done
    for round in 1 2; do
        rm -rf "$site/outside/target/debug"
        outside compile-out "$site/outside" env PATH="$path" $build --target-dir "$site/outside/target"
        inside compile-in "rm -rf target/debug; cd ripgrep && $build --target-dir $site/inside/target"
        note_best compile-out compile-in
    done
    row "compile ripgrep for this machine inside, against outside" "${best[compile-out]}" "${best[compile-in]}" s 1.02
    row "build that copies 20,000 files of its project inside, against outside" "${best[files-out]}" "${best[files-in]}" s 1.02
    note "copy and search 4,900 of the image's own files outside, inside" "${best[copy-out]} s, ${best[copy-in]} s"
    give_back "$site"
}

# bundler DIRECTORY: a crate whose build script takes many files of the project, as those do that bundle assets, and reads them again.
bundler() {
    mkdir -p "$1/src"
    cp -r "$rootfs/usr/share" "$1/assets"
    echo 'fn main() {}' >"$1/src/main.rs"
    printf '[package]\nname = "bundler"\nversion = "0.1.0"\nedition = "2021"\n' >"$1/Cargo.toml"
    cat >"$1/build.rs" <<'RUST'
use std::{env, fs, io, path::Path};

fn bundle(from: &Path, to: &Path) -> io::Result<usize> {
    fs::create_dir_all(to)?;
    let mut bytes = 0;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            bytes += bundle(&from, &to)?;
        } else if entry.file_type()?.is_file() {
            fs::copy(&from, &to)?;
            bytes += fs::read(&to)?.len();
        }
    }
    Ok(bytes)
}

fn main() -> io::Result<()> {
    println!("cargo:rerun-if-changed=assets");
    let output = env::var("OUT_DIR").unwrap();
    // Several times, so that what a run costs by itself is a small part.
    for copy in ["one", "two", "three", "four"] {
        assert!(bundle(Path::new("assets"), &Path::new(&output).join(copy))? > 0);
    }
    Ok(())
}
RUST
}

note_best() {
    local name
    for name; do best[$name]=$(least "${best[$name]:-99999}" "$(cut -d' ' -f1 "$work/$name.time")"); done
}

outside() {
    local name=$1 directory=$2
    shift 2
    cd "$directory"
    timed "$name" "$@"
    cd "$OLDPWD"
}

inside() {
    cd "$site/inside"
    timed "$1" "$programs/cross-util" run --target "$triple" -- "$2"
    cd "$OLDPWD"
}
