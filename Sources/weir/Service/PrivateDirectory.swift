import Foundation

/// A temporary directory that only its user can enter.
enum PrivateDirectory {
    /// - Parameter purpose: the middle part of its name.
    /// - Throws: ``CommandFailure`` (73)
    static func create(for purpose: String) throws -> String {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("weir-\(purpose)-\(UUID().uuidString.prefix(8))")
        do {
            try FileManager.default.createDirectory(
                at: url, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(.cannotCreate, "The directory \(url.path) cannot be created: \(FileError.reason(error)).")
        }
        return url.path
    }
}
