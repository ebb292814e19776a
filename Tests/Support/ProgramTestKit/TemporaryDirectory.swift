import Foundation

/// A temporary directory, removed with the last reference.
public final class TemporaryDirectory: Sendable {
    public let path: String

    public init() throws {
        let template = FileManager.default.temporaryDirectory.appendingPathComponent("weir-test-XXXXXX").path
        path = try template.withCString { pattern in
            guard let copy = strdup(pattern) else { throw CocoaError(.fileWriteUnknown) }
            defer { free(copy) }
            guard mkdtemp(copy) != nil else { throw CocoaError(.fileWriteUnknown) }
            return String(cString: copy)
        }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// - Returns: the path of the file.
    @discardableResult
    public func write(_ text: String, to name: String) throws -> String {
        let file = path + "/" + name
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return file
    }

    /// - Returns: an empty text when no such file exists.
    public func text(of name: String) -> String {
        (try? String(contentsOfFile: path + "/" + name, encoding: .utf8)) ?? ""
    }
}
