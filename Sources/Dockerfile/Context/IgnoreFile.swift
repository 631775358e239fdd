// SPDX-License-Identifier: MIT OR Apache-2.0
// Source: Dockerfile reference, ".dockerignore file".

import Glibc
import OCIStore
package import SystemPackage

extension PathPatterns {
    /// What a build leaves out of its context.
    ///
    /// - Parameters:
    ///   - dockerfile: the file's path; `<dockerfile>.dockerignore` beside it counts first.
    ///   - context: the directory; its `.dockerignore` counts where there is none beside the file.
    /// - Returns: the patterns; none where neither file is there.
    /// - Throws: `ContextError.pattern` or `.system`.
    package static func ignored(
        for dockerfile: FilePath,
        in context: FilePath
    ) throws(ContextError) -> PathPatterns {
        var own = dockerfile
        if let name = own.lastComponent {
            own.removeLastComponent()
            own.append("\(name.string).dockerignore")
        }
        for path in [own, context.appending(".dockerignore")] {
            guard let content = try content(path) else { continue }
            do throws(PathPatternError) {
                return try PathPatterns(ignoreFile: content)
            } catch {
                throw .pattern(error, file: path)
            }
        }
        return .none
    }

    private static func content(_ path: FilePath) throws(ContextError) -> [UInt8]? {
        do throws(StoreError) {
            return try OwnedDescriptor(opening: path, O_RDONLY).readAll(limit: 1 << 20)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw .system(error) }
            return nil
        }
    }
}
