// SPDX-License-Identifier: MIT OR Apache-2.0

/// Memory for C that lives as long as this does.
@safe package final class Memory {
    private var blocks: [UnsafeMutableRawPointer] = unsafe []

    /// Makes one that has nothing yet.
    package init() {}

    deinit {
        unsafe blocks.forEach { unsafe $0.deallocate() }
    }

    /// A copy of the elements, which C may change.
    ///
    /// - Parameter elements: any number; there is an address for none, too.
    /// - Returns: the first one's address; it is valid while this lives.
    package func mutableArray<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) -> UnsafeMutablePointer<Element> {
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
        for (index, element) in elements.enumerated() {
            unsafe (copy + index).initialize(to: element)
        }
        unsafe blocks.append(UnsafeMutableRawPointer(copy))
        return unsafe copy
    }

    /// A copy of the elements.
    ///
    /// - Parameter elements: any number; there is an address for none, too.
    /// - Returns: the first one's address; it is valid while this lives.
    package func array<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
        unsafe UnsafePointer(mutableArray(elements))
    }

    /// A copy of the bytes with a NUL behind them.
    ///
    /// - Parameter bytes: of which C sees those in front of the first NUL.
    /// - Returns: the first one's address; it is valid while this lives.
    package func string(_ bytes: [UInt8]) -> UnsafePointer<CChar> {
        unsafe array(bytes.map { CChar(bitPattern: $0) } + [0])
    }

    /// Copies of the strings, in a list that ends in NULL, as execve(2) wants it.
    ///
    /// - Parameter strings: without a NUL.
    /// - Returns: the address of the first one's address; it is valid while this lives.
    package func strings(_ strings: [[UInt8]]) -> UnsafePointer<UnsafePointer<CChar>?> {
        unsafe array(strings.map { unsafe string($0) } + [nil])
    }
}
