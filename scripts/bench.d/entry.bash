# Entering a root filesystem, running `true`, and leaving: the whole process, as root and as an ordinary user; on every rung, and by other
# means.
#
# bubblewrap has no overlay, so it is compared with ours without one, over the same tree, with as many mounts in the same places and in as
# many new namespaces. What the overlay costs stands apart.

measure_entry() {
    local enter=$work/enter tree="--tmp /tmp --tmp /run --tmp /var/tmp"
    cp "$programs/sandbox-runner" "$enter"
    let_others_in
    # The bits are Rung's; the sets are those that docs/environments.md has.
    racer=(
        [bare]="$enter --own-root --root $rootfs $tree -- /bin/true"
        [bwrap]="$(same_mounts) /bin/true"
        [ours]="$enter --root $rootfs -- /bin/true"
        [described]="$enter --describe -- /bin/true"
        [version]="bwrap --version"
        [unshare]="unshare --user --map-root-user --mount --pid --fork --root=$rootfs /bin/true"
        [proc]="$enter --root $rootfs --rung 1 -- /bin/true"
        [sysadmin]="$enter --root $rootfs --rung 11 -- /bin/true"
        [podman]="$enter --root $rootfs --rung 25 -- /bin/true"
        [assembled]="$enter --root $rootfs --rung 4 -- /bin/true"
        [traced]="$enter --root $rootfs --traced -- /bin/true"
    )
    place=()
    race 6 bare bwrap ours described version unshare
    row "enter and leave, against bwrap with the same $(mounts "${racer[bwrap]}") mounts (ours: $(mounts "${racer[bare]}"))" \
        "${milliseconds[bwrap]}" "${milliseconds[bare]}" ms 1.00
    row "the same, in system calls until the command runs and after it" \
        "$(calls "${racer[bwrap]}")" "$(calls "${racer[bare]}")" calls 1.00
    note "the same, with an overlay over the tree, as a build has it" "${milliseconds[ours]} ms"
    note "of it, starting the programs: bwrap, ours" "${milliseconds[version]} ms, ${milliseconds[described]} ms"
    note "unshare and chroot, no mounts" "${milliseconds[unshare]} ms"
    as=(runuser --user "$account" --)
    race 6 bare bwrap ours
    as=()
    row "enter and leave as an ordinary user" "${milliseconds[bwrap]}" "${milliseconds[bare]}" ms 1.00
    note "the same, with an overlay" "${milliseconds[ours]} ms"
    race 2 ours proc sysadmin podman assembled traced
    note "with an overlay and the caller's /proc" "${milliseconds[proc]} ms"
    note "and the old root stays mounted, as in docker-sysadmin" "${milliseconds[sysadmin]} ms"
    note "the caller's /proc and host name, as in podman" "${milliseconds[podman]} ms"
    note "the root put together from mounts" "${milliseconds[assembled]} ms"
    note "translated paths" "${milliseconds[traced]} ms"
    peer ch-run "env USER=root ch-run $rootfs -- /bin/true"
    peer "podman run" "$(podman_run)"
}

# The account that the tests have, too, and its way to the tree.
account=cross-test
let_others_in() {
    demo/lib/account "$account"
    chmod go+x "$work" "$work/store" "$work/store/rootfs" "$rootfs"
}

# mounts COMMAND: how many it shows to the program with which it ends.
mounts() {
    ${1% /bin/true} /bin/cat /proc/self/mountinfo | wc --lines
}

# calls COMMAND: system calls of all processes, but for those with which the first one and `true` are loaded and end.
calls() {
    # shellcheck disable=SC2086
    strace --follow-forks --quiet=all --output="$work/calls" $1
    awk '
        / resumed>/ { next }
        $2 ~ /^(socketpair|clone|clone3|unshare|prctl)\(/ { started = 1 }
        / execve\(/ && started { loading[$1] = 1 }
        started && !loading[$1] { count++ }
        END { print count }
    ' "$work/calls"
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

# bwrap with the mounts and namespaces that a sandbox of ours has. Control groups are one mount: where the machine has both versions,
# a directory in memory.
same_mounts() {
    local path covers='' groups='--tmpfs /sys/fs/cgroup'
    for path in /proc/sys /proc/sysrq-trigger /proc/bus /proc/fs /proc/irq; do
        [[ ! -e $path ]] || covers+=" --ro-bind $path $path"
    done
    for path in /proc/kcore /proc/keys /proc/latency_stats /proc/sched_debug /proc/timer_list /proc/timer_stats; do
        [[ ! -e $path ]] || covers+=" --ro-bind /dev/null $path"
    done
    for path in /proc/acpi /proc/asound /proc/scsi; do
        [[ ! -e $path ]] || covers+=" --tmpfs $path"
    done
    [[ $(stat -fc %T /sys/fs/cgroup) != cgroup2fs ]] || groups='--ro-bind /sys/fs/cgroup /sys/fs/cgroup'
    echo "bwrap --unshare-user --unshare-pid --unshare-ipc --unshare-uts --unshare-cgroup --die-with-parent" \
        "--bind $rootfs / --proc /proc$covers --dev /dev --tmpfs /dev/shm --tmpfs /tmp --tmpfs /run --tmpfs /var/tmp" \
        "--tmpfs /sys --ro-bind /sys/devices/system/cpu /sys/devices/system/cpu $groups --remount-ro /sys"
}
