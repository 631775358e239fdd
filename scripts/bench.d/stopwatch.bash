# How long commands take, and how much memory.

declare -A racer place milliseconds
# Before the stop-watch: who times.
as=()

# race ROUNDS NAME...: times the commands in `racer`, each in its `place`, in turns, so that whoever else uses the machine disturbs
# all of them alike. Leaves the median of each in `milliseconds`.
race() {
    local rounds=$1 name round
    shift
    rm -rf "$work/race" && mkdir --mode=1777 "$work/race"
    for ((round = 0; round < rounds; round++)); do
        for name; do
            (cd "${place[$name]:-$work}" && "${as[@]}" hyperfine -N --warmup 2 --runs 10 \
                --export-json "$work/race/$name-$round.json" "${racer[$name]}") >"$work/race.log" 2>&1 ||
                fail "$(tail -n 3 "$work/race.log")"
        done
    done
    for name; do
        milliseconds[$name]=$(jq --slurp \
            '[.[].results[0].times[]] | sort | .[length / 2 | floor] * 100000 | round / 100' "$work/race/$name"-[0-9]*.json)
    done
}

# timed NAME COMMAND...: `seconds`, the `memory` of the largest process in KiB, the `processor` seconds of all of them, and those that the
# whole machine was `busy` for meanwhile.
timed() {
    local name=$1 user system before
    shift
    sync
    before=$(busy_seconds)
    /usr/bin/time --output="$work/$name.time" --format='%e %M %U %S' "$@" >"$work/$name.log" 2>&1 ||
        fail "$*: $(tail -n 3 "$work/$name.log")"
    read -r seconds memory user system <"$work/$name.time"
    processor=$(plus "$user" "$system")
    busy=$(awk -v a="$before" -v b="$(busy_seconds)" 'BEGIN { print b - a }')
}

# busy_seconds: of all processors since the machine started; user, nice, system, and interrupts (proc_stat(5)).
busy_seconds() {
    awk -v ticks="$(getconf CLK_TCK)" '$1 == "cpu" { printf "%.2f\n", ($2 + $3 + $4 + $7 + $8) / ticks }' /proc/stat
}

# in_project NAME COMMAND...: as timed, in the project.
in_project() {
    cd "$work/project"
    timed "$@"
    cd "$OLDPWD"
}

# plus A B, least A B: of numbers with decimals.
plus() {
    awk -v a="$1" -v b="$2" 'BEGIN { print a + b }'
}

least() {
    awk -v a="$1" -v b="$2" 'BEGIN { print (a < b) ? a : b }'
}

greatest() {
    awk -v a="$1" -v b="$2" 'BEGIN { print (a > b) ? a : b }'
}
