// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: capabilities(7), "File capability extended attribute versioning".

extension ExtendedAttribute {
    private static let version2Length = 20
    private static let version3Length = 24

    /// The attribute as an archive has it.
    ///
    /// In a user namespace capabilities are kept with the number of its root, version 3; of what is to
    /// be unpacked elsewhere, that number says nothing.
    var withoutRoot: ExtendedAttribute {
        // The version is the last byte of a number whose first byte comes first.
        guard name.elementsEqual("security.capability".utf8), value.count == Self.version3Length,
            value[3] == 3
        else { return self }
        var version2 = Array(value.prefix(Self.version2Length))
        version2[3] = 2
        return ExtendedAttribute(name: name, value: version2)
    }
}
