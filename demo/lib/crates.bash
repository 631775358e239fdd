# Crates of the distribution's librust-*-dev packages, as a cargo directory source. Needs output.bash, archive.bash.

# vendor_crates CRATE PACKAGE...: unpacks the packages' crates into CRATE/vendor and points cargo there.
vendor_crates() {
    local crate=$1 unpacked
    shift
    unpacked=$(mktemp -d "$DEMO/crates.XXXXXX")
    unpack_packages "$unpacked" "$@"
    mkdir -p "$crate/vendor" "$crate/.cargo"
    mv "$unpacked"/usr/share/cargo/registry/* "$crate/vendor"
    rm -r "$unpacked"
    cat >"$crate/.cargo/config.toml" <<-END
		[source.crates-io]
		replace-with = "vendored-sources"

		[source.vendored-sources]
		directory = "vendor"
	END
}
