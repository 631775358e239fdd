// SPDX-License-Identifier: MIT OR Apache-2.0

/// Runs what fails in a module's own way, and makes of it what it means here.
func wording<Value: ~Copyable, Inner: Error, Outer: Error>(
    _ word: (Inner) -> Outer,
    _ body: () throws(Inner) -> Value
) throws(Outer) -> Value {
    do throws(Inner) {
        return try body()
    } catch {
        throw word(error)
    }
}

/// The same for what takes its time.
func waiting<Value, Inner: Error, Outer: Error>(
    _ word: (Inner) -> Outer,
    _ body: () async throws(Inner) -> Value
) async throws(Outer) -> Value {
    do throws(Inner) {
        return try await body()
    } catch {
        throw word(error)
    }
}
