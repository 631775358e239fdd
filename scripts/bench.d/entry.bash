# Entering a root filesystem, running `true`, and leaving: the whole process, as root.

measure_entry() {
    racer=(
        [ours]="$programs/sandbox-runner --root $rootfs -- /bin/true"
        [bwrap]="$(same_mounts) /bin/true"
        [unshare]="unshare --user --map-root-user --mount --pid --fork --root=$rootfs /bin/true"
    )
    place=()
    race 6 ours bwrap unshare
    row "enter and leave, against bwrap with the same mounts" "${milliseconds[bwrap]}" "${milliseconds[ours]}" ms 1.00
    note "unshare and chroot, no mounts" "${milliseconds[unshare]} ms"
    peer ch-run "env USER=root ch-run $rootfs -- /bin/true"
    peer "podman run" "podman --root $work/podman-run --runroot $work/podman-runroot run --rm --rootfs $rootfs:O /bin/true"
}

# peer NAME COMMAND: where it works here at all.
peer() {
    $2 >"$work/peer.log" 2>&1 || { note "$1" "does not run here"; return; }
    racer=([peer]=$2)
    race 1 peer
    note "$1" "${milliseconds[peer]} ms"
}

# bwrap with the mounts that a sandbox of ours has; it knows no overlay, so its root is read-only.
same_mounts() {
    local path covers=''
    for path in /proc/sys /proc/sysrq-trigger /proc/bus /proc/fs /proc/irq; do
        [[ ! -e $path ]] || covers+=" --ro-bind $path $path"
    done
    for path in /proc/kcore /proc/keys /proc/latency_stats /proc/sched_debug /proc/timer_list /proc/timer_stats; do
        [[ ! -e $path ]] || covers+=" --ro-bind /dev/null $path"
    done
    for path in /proc/acpi /proc/asound /proc/scsi; do
        [[ ! -e $path ]] || covers+=" --tmpfs $path"
    done
    echo "bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup --die-with-parent" \
        "--ro-bind $rootfs / --proc /proc$covers --dev /dev --tmpfs /tmp --tmpfs /run --tmpfs /var/tmp" \
        "--tmpfs /sys --ro-bind /sys/devices/system/cpu /sys/devices/system/cpu --ro-bind /sys/fs/cgroup /sys/fs/cgroup"
}
