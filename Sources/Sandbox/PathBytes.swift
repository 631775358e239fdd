// SPDX-License-Identifier: MIT OR Apache-2.0

package import SystemPackage

extension FilePath {
    /// The bytes of the path, without the zero at the end.
    package var bytes: [UInt8] {
        unsafe withPlatformString { text in
            var bytes: [UInt8] = []
            var next = unsafe text
            while unsafe next.pointee != 0 {
                unsafe bytes.append(UInt8(bitPattern: next.pointee))
                unsafe next += 1
            }
            return bytes
        }
    }
}
