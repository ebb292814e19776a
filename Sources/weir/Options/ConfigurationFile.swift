import Foundation
import WorkflowModel

/// A configuration from a file, parsed and checked.
struct ConfigurationFile: Sendable {
    /// The path that means standard input.
    static let standardInput = "-"

    var id: String
    /// Its name in messages.
    var name: String
    var source: ConfigurationSource
    var configuration: WorkflowConfiguration

    /// Reads all files. Blocks.
    /// - Throws: ``ConfigurationProblems`` of all files, ``CommandFailure`` for an unreadable file.
    static func read(_ paths: [String]) throws -> [ConfigurationFile] {
        var problems: [ConfigurationProblem] = []
        var files: [ConfigurationFile] = []
        var pathsByID: [String: String] = [:]
        for path in paths {
            do {
                let file = try read(path)
                if let other = pathsByID.updateValue(path, forKey: file.id) {
                    let message = "The id \(file.id) is also the id of \(other). Give each file an id of its own."
                    problems.append(ConfigurationProblem(file: path, line: nil, message: message))
                }
                files.append(file)
            } catch let found as ConfigurationProblems {
                problems += found.problems
            }
        }
        if problems.isEmpty { problems = circles(of: files) }
        guard problems.isEmpty else { throw ConfigurationProblems(problems: problems) }
        return files
    }

    /// Workflows among the files that call each other in a circle: no service is needed to see that.
    private static func circles(of files: [ConfigurationFile]) -> [ConfigurationProblem] {
        let calls = Dictionary(
            files.map { (ExactText($0.id), $0.configuration.calledWorkflows) }, uniquingKeysWith: { first, _ in first })
        return files.compactMap { file in
            guard let cycle = WorkflowCallCycle.find(among: calls, from: file.id) else { return nil }
            return ConfigurationProblem(
                file: file.name, line: ConfigurationPlaces(of: file.source).line(ofCalledWorkflow: cycle.chain[1]),
                message: cycle.message.prefix(1).uppercased() + cycle.message.dropFirst() + ".")
        }
    }

    /// Standard input and pipes are read as YAML, which includes JSON. Their commands run in the current directory.
    private static func read(_ path: String) throws -> ConfigurationFile {
        let isInput = path == standardInput
        let name = isInput ? "standard input" : path
        let file = try BoundedFile(
            isInput ? nil : path, upTo: ConfigurationLimits.textBytes, called: isInput ? "Standard input" : "The file \(path)")
        let url = URL(fileURLWithPath: path).standardizedFileURL
        let hasPlace = file.isRegular && !isInput && !path.hasPrefix("/dev/") && !path.hasPrefix("/proc/")
        let source = try ConfigurationSource(
            utf8: file.bytes, format: hasPlace && url.pathExtension.lowercased() == "json" ? .json : .yaml,
            directory: hasPlace ? url.deletingLastPathComponent().path : FileManager.default.currentDirectoryPath, file: name)
        let configuration = try ConfigurationReader().read(source, file: name)
        return ConfigurationFile(id: configuration.id, name: name, source: source, configuration: configuration)
    }

    /// Checks time zones with the zone data of this machine, when no service can be reached.
    /// - Throws: ``ConfigurationProblems`` of all files.
    static func checkZones(of files: [ConfigurationFile]) throws(ConfigurationProblems) {
        var problems: [ConfigurationProblem] = []
        let reader = ConfigurationReader(zones: SystemScheduleZones())
        for file in files {
            do throws(ConfigurationProblems) {
                _ = try reader.read(file.source, file: file.name)
            } catch {
                problems += error.problems
            }
        }
        guard problems.isEmpty else { throw ConfigurationProblems(problems: problems) }
    }

    /// References that only a service can check.
    var claims: [String] {
        let receivers = Set(configuration.alerts.map(\.receiver)).sorted().map { "the receiver \($0)" }
        let resources = Set(configuration.tasks.flatMap(\.uses.keys)).sorted().map { "the resource \($0)" }
        let zones = Set(configuration.schedules.map(\.timeZone)).subtracting(["UTC"]).sorted().map { "the time zone \($0)" }
        return receivers + resources + zones
    }
}

/// The reasons of Foundation's file errors, in words.
enum FileError {
    static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile, .fileNoSuchFile: "no such file"
        case .fileReadNoPermission, .fileWriteNoPermission: "permission denied"
        case .fileWriteOutOfSpace: "the disk is full"
        case .fileWriteVolumeReadOnly: "the disk is read-only"
        default: "it is not a file that can be used"
        }
    }
}
