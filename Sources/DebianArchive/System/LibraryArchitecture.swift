// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: glibc, sysdeps/generic/ldconfig.h and the readelflib.c of each architecture; elf.h.

/// What the dynamic linker of an architecture can load, and how its cache marks it.
struct LibraryArchitecture {
    /// The directory of its libraries, below `/lib` and `/usr/lib`.
    let multiarch: String
    let isBigEndian: Bool
    private let debian: String

    private static let multiarchs = [
        "amd64": "x86_64-linux-gnu", "i386": "i386-linux-gnu", "arm64": "aarch64-linux-gnu",
        "armhf": "arm-linux-gnueabihf", "armel": "arm-linux-gnueabi",
        "ppc64el": "powerpc64le-linux-gnu", "riscv64": "riscv64-linux-gnu",
        "s390x": "s390x-linux-gnu",
    ]

    /// - Parameter debian: Debian's name; `nil` for one whose cache this program cannot make.
    init?(debian: String) {
        guard let multiarch = Self.multiarchs[debian] else { return nil }
        self.debian = debian
        self.multiarch = multiarch
        isBigEndian = debian == "s390x"
    }

    /// What the cache says of a library; `nil` for one of another architecture.
    func flags(of library: SharedLibrary) -> UInt32? {
        // FLAG_ELF_LIBC6 and, above it, what the library requires.
        switch (debian, library.machine, library.is64Bit) {
        case ("amd64", 62, true), ("i386", 62, true): 0x0303
        case ("amd64", 62, false), ("i386", 62, false): 0x0803
        case ("amd64", 3, false), ("i386", 3, false): 0x0003
        case ("arm64", 183, true): 0x0A03
        case ("arm64", 40, false), ("armhf", 40, false), ("armel", 40, false):
            // EF_ARM_ABI_FLOAT_HARD and EF_ARM_ABI_FLOAT_SOFT.
            library.flags & 0x400 != 0 ? 0x0903 : library.flags & 0x200 != 0 ? 0x0B03 : 0x0003
        case ("ppc64el", 21, true): 0x0503
        // EF_RISCV_FLOAT_ABI_DOUBLE.
        case ("riscv64", 243, true): library.flags & 0x6 == 0x4 ? 0x1003 : 0x0F03
        case ("s390x", 22, true): 0x0403
        default: nil
        }
    }
}
