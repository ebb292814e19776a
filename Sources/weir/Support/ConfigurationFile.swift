import Foundation
import WorkflowModel

/// A configuration in a file, read and checked whole.
struct ConfigurationFile: Sendable {
    var id: String
    var source: ConfigurationSource

    /// Reads all files, or none. Blocks.
    /// - Throws: ``ConfigurationProblems`` of all files together, ``CommandFailure`` for a file that cannot be read.
    static func read(_ paths: [String]) throws -> [ConfigurationFile] {
        var problems: [ConfigurationProblem] = []
        var files: [ConfigurationFile] = []
        var pathsByID: [String: String] = [:]
        for path in paths {
            do {
                let file = try read(path)
                if let other = pathsByID.updateValue(path, forKey: file.id) {
                    let message = "The id \(file.id) is that of \(other) too; each file has a configuration of its own."
                    problems.append(ConfigurationProblem(file: path, line: nil, message: message))
                }
                files.append(file)
            } catch let found as ConfigurationProblems {
                problems += found.problems
            }
        }
        guard problems.isEmpty else { throw ConfigurationProblems(problems: problems) }
        return files
    }

    private static func read(_ path: String) throws -> ConfigurationFile {
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let bytes: Data
        do {
            bytes = try Data(contentsOf: url)
        } catch {
            throw CommandFailure(.noInput, "The file \(path) cannot be read: \(FileTrouble.reason(error)).")
        }
        let source = try ConfigurationSource(
            utf8: bytes, format: url.pathExtension.lowercased() == "json" ? .json : .yaml,
            directory: url.deletingLastPathComponent().path, file: path)
        return ConfigurationFile(id: try ConfigurationReader().read(source, file: path).id, source: source)
    }
}

/// What Foundation's errors about files mean to a person.
enum FileTrouble {
    static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "there is no such file"
        case .fileReadNoPermission, .fileWriteNoPermission: "it is not permitted"
        case .fileWriteOutOfSpace: "the disk is full"
        case .fileWriteVolumeReadOnly: "the disk is read-only"
        default: "it is not a file that can be used"
        }
    }
}
