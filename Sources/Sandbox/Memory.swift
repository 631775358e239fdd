// SPDX-License-Identifier: MIT OR Apache-2.0

/// Memory that lives as long as this does.
@safe package final class Memory {
    private var blocks: [UnsafeMutableRawPointer] = unsafe []

    package init() {}

    deinit {
        unsafe blocks.forEach { unsafe $0.deallocate() }
    }

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

    package func array<Element: BitwiseCopyable>(_ elements: [Element]) -> UnsafePointer<Element> {
        unsafe UnsafePointer(mutableArray(elements))
    }

    package func string(_ bytes: [UInt8]) -> UnsafePointer<CChar> {
        unsafe array(bytes.map { CChar(bitPattern: $0) } + [0])
    }

    package func strings(_ strings: [[UInt8]]) -> UnsafePointer<UnsafePointer<CChar>?> {
        unsafe array(strings.map { unsafe string($0) } + [nil])
    }
}
