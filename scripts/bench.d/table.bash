# The table, row by row, and whether a budget was missed.

missed=0

begin_table() {
    say "| what | peer | cross | ratio | budget | |"
    say "|---|--:|--:|--:|--:|---|"
}

say() {
    echo "$1" | tee -a "$work/table"
}

# row WHAT PEER OURS UNIT BUDGET: the budget is the largest ratio of ours to the peer's.
row() {
    local ratio verdict=''
    ratio=$(awk -v a="$3" -v b="$2" 'BEGIN { printf "%.2f", a / b }')
    if awk -v a="$ratio" -v b="$5" 'BEGIN { exit !(a > b) }'; then
        verdict=missed
        missed=1
    fi
    say "| $1 | $2 $4 | $3 $4 | $ratio | ≤ $5 | $verdict |"
}

# note WHAT FIGURE: for comparison, without a budget.
note() {
    say "| ($1) | $2 | | | | |"
}

# write_table FILE: in place of what is between the file's two marks.
write_table() {
    write_section "make bench" "$1" podman skopeo umoci bubblewrap charliecloud mmdebstrap
}

# write_section COMMAND FILE [PACKAGE...]: what the machine is, the packages' versions, and the table, between the command's marks.
write_section() {
    local peers
    peers=$(versions "${@:3}")
    {
        echo "<!-- $1 -->"
        echo "$(nproc) processors ($(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)),"
        echo "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r | cut -d . -f 1,2),"
        # shellcheck source=/dev/null
        echo "$(. /etc/os-release && echo "$PRETTY_NAME")${peers:+; $peers}."
        echo
        cat "$work/table"
        echo "<!-- end -->"
    } >"$work/section"
    awk -v section="$work/section" -v mark="<!-- $1 -->" '
        $0 == mark { while ((getline line < section) > 0) print line; skipping = 1 }
        !skipping
        /^<!-- end -->$/ { skipping = 0 }
    ' "$2" >"$work/page"
    cat "$work/page" >"$2"
}

versions() {
    (($#)) || return 0
    dpkg-query --show --showformat '${Package} ${Version}, ' "$@" 2>/dev/null | sed 's/, $//'
}
