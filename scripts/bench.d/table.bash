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
    {
        echo "<!-- make bench -->"
        echo "$(nproc) processors ($(awk -F ': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)),"
        echo "$(awk '/^MemTotal/ { printf "%.0f GiB", $2 / 1048576 }' /proc/meminfo), Linux $(uname -r),"
        # shellcheck source=/dev/null
        echo "$(. /etc/os-release && echo "$PRETTY_NAME"); $(versions podman skopeo umoci bubblewrap charliecloud mmdebstrap)."
        echo
        cat "$work/table"
        echo "<!-- end -->"
    } >"$work/section"
    awk -v section="$work/section" '
        /^<!-- make bench -->$/ { while ((getline line < section) > 0) print line; skipping = 1 }
        !skipping
        /^<!-- end -->$/ { skipping = 0 }
    ' "$1" >"$work/page"
    cat "$work/page" >"$1"
}

versions() {
    dpkg-query --show --showformat '${Package} ${Version}, ' "$@" 2>/dev/null | sed 's/, $//'
}
