# Entering a root filesystem, running `true`, and leaving: the whole process, as root; on every rung, and by other means.

measure_entry() {
    local enter="$programs/sandbox-runner --root $rootfs"
    # The bits are Rung's; the sets are those that docs/environments.md has.
    racer=(
        [ours]="$enter -- /bin/true"
        [bwrap]="$(same_mounts) /bin/true"
        [unshare]="unshare --user --map-root-user --mount --pid --fork --root=$rootfs /bin/true"
        [proc]="$enter --rung 1 -- /bin/true"
        [sysadmin]="$enter --rung 11 -- /bin/true"
        [podman]="$enter --rung 25 -- /bin/true"
        [assembled]="$enter --rung 4 -- /bin/true"
        [traced]="$enter --traced -- /bin/true"
    )
    place=()
    race 3 ours bwrap unshare proc sysadmin podman assembled traced
    row "enter and leave, against bwrap with the same mounts" "${milliseconds[bwrap]}" "${milliseconds[ours]}" ms 1.00
    note "the caller's /proc" "${milliseconds[proc]} ms"
    note "and the old root stays mounted, as in docker-sysadmin" "${milliseconds[sysadmin]} ms"
    note "the caller's /proc and host name, as in podman" "${milliseconds[podman]} ms"
    note "the root put together from mounts" "${milliseconds[assembled]} ms"
    note "translated paths" "${milliseconds[traced]} ms"
    note "unshare and chroot, no mounts" "${milliseconds[unshare]} ms"
    peer ch-run "env USER=root ch-run $rootfs -- /bin/true"
    peer "podman run" "$(podman_run)"
}

# peer NAME COMMAND: where it works here at all.
peer() {
    $2 >"$work/peer.log" 2>&1 || { note "$1" "does not run here: $(tail -n 1 "$work/peer.log")"; return; }
    racer=([peer]=$2)
    race 1 peer
    note "$1" "${milliseconds[peer]} ms"
}

# podman's OCI runtime refuses a machine that has both versions of control groups, and limits above the caller's. A mount namespace that
# has the second version alone costs it a millisecond.
podman_run() {
    cat >"$work/podman-enter" <<-'END'
		#!/bin/sh
		[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] ||
		    { umount --recursive /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup; } || exit
		exec podman "$@"
	END
    chmod +x "$work/podman-enter"
    echo "unshare --mount $work/podman-enter --root $work/podman-run --runroot $work/podman-runroot run --rm --network=host" \
        "--cgroups=disabled --ulimit nofile=1024:1024 --ulimit nproc=1024:1024 --rootfs $rootfs:O /bin/true"
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
