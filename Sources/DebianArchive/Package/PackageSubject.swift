// SPDX-License-Identifier: MIT OR Apache-2.0

import OCILayer

/// The package that is being read, as its errors name it.
struct PackageSubject {
    let name: String

    /// What is wrong with the package.
    func fault(_ fault: PackageFault) -> PackageError { .fault(fault, package: name) }

    /// Works on an archive of the package; what is wrong with that is wrong with the package.
    func reading<Value: ~Copyable>(
        _ part: PackagePart,
        _ body: () throws(LayerError) -> Value
    ) throws(PackageError) -> Value {
        do throws(LayerError) {
            return try body()
        } catch {
            if case .store(let error) = error { throw .store(error) }
            throw .archive(error, part: part, package: name)
        }
    }

    /// Checks something of the package.
    func checking<Value>(_ body: () throws(PackageFault) -> Value) throws(PackageError) -> Value {
        do throws(PackageFault) {
            return try body()
        } catch {
            throw fault(error)
        }
    }
}
