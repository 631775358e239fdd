# The distribution's archive as this machine reaches it, with a state of our own below $DEMO/apt: amd64 and arm64,
# binary and source packages. Nothing of the machine's own apt is changed and no root is needed. Needs output.bash.

archive=$DEMO/apt

# The files of the machine's apt configuration that name Debian's archive.
debian_sources() {
    # shellcheck disable=SC2016  # apt expands it
    apt-get indextargets --format '$(SOURCESENTRY)' 'Identifier: Packages' 'Origin: Debian' 'Architecture: amd64' |
        sed 's/:[0-9]*$//' | sort -u
}

# How the machine reaches the archive: proxies, retries, whether it trusts its clock.
acquire_options() {
    apt-config dump --no-empty |
        grep -E '^Acquire::(Check-|Retries|ForceIPv|(https?|ftp)(::|[[:space:]]))' || true
}

# prepare_archive: writes the configuration and fetches the indexes, unless that was done within a day.
prepare_archive() {
    local file sources
    [[ -z $(find "$archive/updated" -mmin -1440 2>/dev/null) ]] || return 0
    sources=$(debian_sources)
    [[ -n $sources ]] || fail "apt knows no Debian archive here (has apt-get update been run?)"
    grep -q 'VERSION_CODENAME=bookworm' /etc/os-release || fail "needs Debian 12 (bookworm)"

    rm -rf "$archive"
    mkdir -p "$archive"/{sources.list.d,state/lists/partial,cache/archives/partial}
    touch "$archive/state/status"
    while IFS= read -r file; do
        sed -E -e '/^Architectures:/d; s/arch=[a-z0-9,]+ ?//' \
            -e 's/^Types: *deb$/Types: deb deb-src/; s/^deb([[:space:]].*)/&\ndeb-src\1/' \
            "$file" >"$archive/sources.list.d/${file##*/}"
    done <<<"$sources"
    cat >"$archive/apt.conf" <<-END
		APT::Architecture "amd64";
		APT::Architectures { "amd64"; "arm64"; };
		APT::Install-Recommends "false";
		APT::Sandbox::User "";
		Acquire::Languages "none";
		Dir::Etc::sourcelist "/dev/null";
		Dir::Etc::sourceparts "$archive/sources.list.d";
		Dir::State "$archive/state";
		Dir::State::status "$archive/state/status";
		Dir::Cache "$archive/cache";
	END
    archive apt-get update -qq
    touch "$archive/updated"
}

# archive COMMAND...: runs an apt command on that state.
archive() {
    APT_CONFIG=$archive/apt.conf "$@"
}

# needed PATTERN ARGUMENT...: the packages matching PATTERN that `apt-get ARGUMENT...` would install.
needed() {
    local pattern=$1
    shift
    archive apt-get -s "$@" | awk -v pattern="$pattern" '$1 == "Inst" && $2 ~ pattern { print $2 }'
}

# unpack_packages DIRECTORY PACKAGE...: downloads packages and unpacks them all into one tree, installing nothing.
unpack_packages() {
    local directory=$1 downloads package
    shift
    downloads=$(mktemp -d "$DEMO/download.XXXXXX")
    (cd "$downloads" && archive apt-get download -qq "$@")
    mkdir -p "$directory"
    for package in "$downloads"/*.deb; do
        dpkg-deb --fsys-tarfile "$package" | tar -x -C "$directory" --no-same-owner
    done
    rm -r "$downloads"
}
