// SPDX-License-Identifier: MIT OR Apache-2.0

/// `412 MiB`, `1.3 GiB`, `17 KiB`.
func bytes(_ count: Int64) -> String {
    var value = Double(count)
    var units = ["B", "KiB", "MiB", "GiB", "TiB"][...]
    while value >= 1024, units.count > 1 {
        value /= 1024
        units = units.dropFirst()
    }
    let isExact = value >= 10 || units.count == 5
    let tenths = Int((value * 10).rounded())
    return (isExact ? "\(Int(value.rounded()))" : "\(tenths / 10).\(tenths % 10)")
        + " \(units.first ?? "B")"
}

/// `6.1s`, `2m 05s`.
func seconds(_ duration: Duration) -> String {
    let tenths = Int((duration / .milliseconds(100)).rounded())
    guard tenths >= 600 else { return "\(tenths / 10).\(tenths % 10)s" }
    let whole = tenths / 10
    return "\(whole / 60)m \(whole % 60 < 10 ? "0" : "")\(whole % 60)s"
}

/// Bytes a second; 0 where no time has passed.
func rate(_ count: Int64, _ elapsed: Duration) -> Int64 {
    let seconds = elapsed / .seconds(1)
    return seconds > 0 ? Int64(Double(count) / seconds) : 0
}
