# Pulling and unpacking an image, cold stores and a warm page cache: every client reads from the same registry on loopback, and writes
# to a file system that was made for this one time. What was removed from a disk a moment ago can double what is measured, and so can
# memory that was not used for a while, where a host has to find it again: what the last file system had in memory is free for the next.
#
# The images: 50 MB and 500 MB (2 GB with --large) of the demonstration's root filesystem, in four layers, and 100,000 small
# files, in one; and the demonstration's image itself.

measure_pull() {
    local name
    make_images
    for name in "${images[@]}"; do both_codecs "$name"; done
    both_codecs small-files
    pull_image demonstration gzip "$image" 0.34
    row "peak memory of a pull, against 100 MiB" 100 $((peak / 1024)) MiB 1.00
    note "podman's largest process" "$((podman_peak / 1024)) MiB"
    give_back "$ground"
}

both_codecs() {
    publish_image "$1"
    pull_image "$1" gzip "$REGISTRY/bench/$1:gzip" 0.34
    pull_image "$1" zstd "$REGISTRY/bench/$1:zstd" 0.50
}

peak=0 podman_peak=0

# on_fresh_disk NAME COMMAND...: as timed, on a file system of its own.
on_fresh_disk() {
    [[ ! -d $ground ]] || give_back "$ground"
    own_disk "$ground" 16G
    timed "$@"
}

# pull_image NAME CODEC REFERENCE BUDGET: the best round of each client, of two, or of more where they are short, and neighbours on the
# machine may slow all of one.
pull_image() {
    local name=$1 codec=$2 reference=$3 budget=$4 ours=99999 podman=99999 durable=99999 skopeo=99999 began
    local round rounds=2 spent spent_by_all
    case $name in
    50mb) rounds=5 ;;
    500mb) rounds=3 ;;
    esac
    for ((round = 1; round <= rounds; round++)); do
        on_fresh_disk podman podman --root "$ground/podman" --runroot "$ground/podman-run" --storage-driver overlay pull --quiet \
            --cert-dir "$work/certs" --authfile "$AUTH_FILE" "$reference"
        began=$EPOCHREALTIME
        sync --file-system "$ground"
        durable=$(least "$durable" "$(awk -v a="$began" -v b="$EPOCHREALTIME" -v c="$seconds" 'BEGIN { printf "%.2f", b - a + c }')")
        podman=$(least "$podman" "$seconds")
        podman_peak=$(greatest "$podman_peak" "$memory")
        if [[ $codec == gzip ]]; then
            on_fresh_disk skopeo sh -c "skopeo --insecure-policy copy --quiet --src-cert-dir '$work/certs' \
                --authfile '$AUTH_FILE' 'docker://$reference' 'oci:$ground/layout:x' &&
                umoci unpack --image '$ground/layout:x' '$ground/bundle'"
            skopeo=$(least "$skopeo" "$seconds")
        fi
        CROSS_STORE=$ground/store on_fresh_disk ours "$programs/cross-fetch" image "$reference"
        if [[ $(least "$ours" "$seconds") == "$seconds" ]]; then ours=$seconds spent=$processor spent_by_all=$busy; fi
        peak=$(greatest "$peak" "$memory")
    done
    row "pull and unpack $name, $codec, against podman pull" "$podman" "$ours" s "$budget"
    note "podman pull made durable, as ours is: then sync" "$durable s"
    # umoci unpacks no zstd.
    [[ $codec != gzip ]] || row "pull and unpack $name, gzip, against skopeo copy + umoci unpack" "$skopeo" "$ours" s 0.50
    limit "$name" "$codec" "$ours" "$spent s, and $spent_by_all s with the registry and the kernel's own"
}

# limit NAME CODEC OURS SPENT: decompressing alone, and writing alone, one process for each layer, as many at once as there are processors; and
# what these and the digests (of the blob, of the archive in it, of its files) take, one after the other. Then the same in processor
# time, beside what the processors have of it in one and a half times the larger of the two.
limit() {
    local inflate=(igzip -d) inflating writing larger parts
    [[ $2 == gzip ]] || inflate=(zstd -q -d -c)
    blobs "$1" "$2" >"$work/blobs"
    # shellcheck disable=SC2016  # sh expands it
    timed inflate sh -c 'xargs -P "$1" -I{} sh -c "$2 <{} >/dev/null" <"$3"' sh "$(nproc)" "${inflate[*]}" "$work/blobs"
    inflating=$seconds parts=$processor
    # shellcheck disable=SC2016
    on_fresh_disk write sh -c 'cd "$1" && ls *.tar | xargs -P "$2" -I{} sh -c "mkdir $3/{} && tar -x -C $3/{} -f {}" && sync -f "$3"' \
        sh "$work/tars/$1" "$(nproc)" "$ground"
    writing=$seconds parts=$(plus "$parts" "$processor")
    larger=$(greatest "$inflating" "$writing")
    row "the same, against the larger of inflate alone ($inflating s) and write alone ($writing s)" "$larger" "$3" s 1.50
    # shellcheck disable=SC2016
    timed digest sh -c '{ cat "$1"; ls "$2"/*.tar "$2"/*.tar; } | xargs -P "$3" -I{} openssl dgst -sha256 {}' \
        sh "$work/blobs" "$work/tars/$1" "$(nproc)"
    note "inflate, then write, then the three digests ($seconds s)" "$(plus "$inflating" "$(plus "$writing" "$seconds")") s"
    note "processor time in one and a half times the larger; of these parts; of our pull" \
        "$(awk -v a="$larger" -v n="$(nproc)" 'BEGIN { print 1.5 * a * n }') s; $(plus "$parts" "$processor") s; $4"
    [[ ! -d $work/tars/$1/parts ]] || in_parts "$1"
}

# in_parts NAME: what the files alone cost all processors: once, and with a second name, as they have one in the store and one in the tree.
in_parts() {
    local once
    # shellcheck disable=SC2016
    on_fresh_disk once sh -c 'mkdir "$3/once" "$3/named" && ls "$1"/*.tar | xargs -P "$2" -I{} tar -x -C "$3/once" -f {} && sync -f "$3"' \
        sh "$work/tars/$1/parts" "$(nproc)" "$ground"
    once=$seconds
    note "write alone, by all processors" "$once s"
    # shellcheck disable=SC2016
    timed named sh -c 'cd "$1" && ls once | xargs -P "$2" -I{} cp -al once/{} named && sync -f .' sh "$ground" "$(nproc)"
    note "and then give each file a second name" "$(plus "$once" "$seconds") s"
}

# blobs NAME CODEC: the files of an image's layers.
blobs() {
    local layout=$work/layout tag=$1-$2 manifest
    [[ $1 != demonstration ]] || layout=$DEMO/image tag=demo
    manifest=$(jq -r --arg tag "$tag" \
        '.manifests[] | select(.annotations["org.opencontainers.image.ref.name"] == $tag) | .digest' "$layout/index.json")
    jq -r '.layers[].digest' "$layout/blobs/sha256/${manifest#sha256:}" | sed "s|^sha256:|$layout/blobs/sha256/|"
}

make_images() {
    images=(50mb 500mb)
    ((large)) && images+=(2gb)
    slices 50mb 50
    slices 500mb 500
    ((large)) && slices 2gb 2000
    small_files
    demonstration
}

# slices NAME MEGABYTES: four archives of as much of the demonstration's root filesystem; where it is too small, of its large files
# once more, with other letters.
slices() {
    local directory=$work/tars/$1 bytes=$(($2 * 1000000)) layer
    mkdir -p "$directory"
    find "$rootfs/usr" -type f -printf '%s %P\n' | awk -v limit="$bytes" '(sum += $1) <= limit { sub(/^[0-9]+ /, ""); print }' |
        split --number=r/4 - "$directory/list."
    for layer in "$directory"/list.*; do
        tar -c -C "$rootfs/usr" --verbatim-files-from --files-from "$layer" -f "$directory/${layer##*.}.tar"
    done
    (($(cat "$directory"/*.tar | wc -c) >= bytes * 9 / 10)) || more "$directory" "$bytes"
}

more() {
    local bytes file there
    there=$(cat "$1"/*.tar | wc -c)
    mkdir "$1/more"
    while read -r bytes file; do
        (((there += bytes) <= $2)) || break
        tr abcde bcdea <"$file" >"$1/more/$there"
    done < <(find "$rootfs/usr" -type f -size +300k -printf '%s %p\n' | sort -rn)
    tar -c -C "$1/more" -f "$1/more.tar" .
}

small_files() {
    local directory=$work/tars/small-files part
    mkdir -p "$directory/tree"
    for part in {01..50}; do
        mkdir "$directory/tree/$part"
        (cd "$directory/tree/$part" && seq "${part}00000" "${part}01999" | split --lines=1 --suffix-length=4 -)
    done
    tar -c -C "$directory/tree" -f "$directory/aa.tar" .
    mkdir "$directory/parts"
    for part in {01..50}; do tar -c -C "$directory/tree" -f "$directory/parts/$part.tar" "$part"; done
}

# demonstration: the archives of the image that is there.
demonstration() {
    local directory=$work/tars/demonstration blob number=0
    mkdir "$directory"
    while read -r blob; do
        number=$((number + 1))
        igzip -d <"$blob" >"$directory/$number.tar"
    done < <(blobs demonstration gzip)
}

# publish_image NAME: pushes both forms.
publish_image() {
    local layout=$work/layout tar count=0
    [[ -d $layout ]] || umoci init --layout "$layout"
    umoci new --image "$layout:$1-gzip"
    for tar in "$work/tars/$1"/*.tar; do
        umoci raw add-layer --image "$layout:$1-gzip" "$tar"
        count=$((count + 1))
    done
    demo/lib/zstd-layers "$layout" "$1-gzip" "$1-zstd" "$count"
    local codec
    for codec in gzip zstd; do
        skopeo --insecure-policy copy --quiet --dest-cert-dir "$work/certs" --authfile "$AUTH_FILE" \
            "oci:$layout:$1-$codec" "docker://$REGISTRY/bench/$1:$codec"
    done
}
