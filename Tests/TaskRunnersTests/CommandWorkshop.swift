import Foundation
import Logging
import ProgramTestKit
import TaskRunners
import WorkflowModel

/// A temporary directory with a runner for one test, removed with the last reference.
final class CommandWorkshop: Sendable {
    let root: String
    let runner: CommandRunner

    var work: String { "\(root)/work" }
    var scratch: String { "\(root)/scratch" }

    /// - Parameter grace: long enough that no test reaches its end by accident.
    init(
        environment: [String: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin"], allowed: [String] = [],
        grace: Duration = .seconds(3_600), beginDelay: Duration = CommandLimits.beginDelay,
        processes: ProcessSettings = ProcessSettings(),
        time: any TimeSource = SystemTime()
    ) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "weir-runner-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        runner = CommandRunner(
            environment: CommandEnvironment(inherited: environment, allowed: allowed), workDirectory: "\(root)/work",
            scratchDirectory: "\(root)/scratch", grace: grace, beginDelay: beginDelay, processes: processes, time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    /// The remaining private directories of attempts.
    var scratchContents: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? []
    }

    /// Writes a program. Another process writes the file: while this one has it open, a process that another test forks inherits it,
    /// and the system refuses to execute a file that is open for writing.
    func install(_ bytes: [UInt8], as path: String, permissions: Int) throws {
        let source = "\(root)/\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: source))
        try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: source)
        let status = try SpawnedProgram("/bin/cp", ["-p", source, path]).run()
        try FileManager.default.removeItem(atPath: source)
        struct NotCopied: Error {}
        guard status == 0 else { throw NotCopied() }
    }

    static func freshTask() -> String {
        "wft-20240619-00001-\(UUID().uuidString.prefix(8))"
    }

    func attempt(
        _ words: [String], task: String = freshTask(), number: Int = 1, directory: String? = nil, range: TimeWindow? = nil,
        inputs: [String: JSONText] = [:], blame: BlameTable = BlameTable(), grace: Duration? = nil
    ) throws -> TaskAttempt {
        struct NoTenant: Error {}
        guard let tenant = Tenant("acme") else { throw NoTenant() }
        return TaskAttempt(
            tenant: tenant, run: RunID(rawValue: "wf-20240619-00001-abcdef"), task: TaskID(rawValue: task), number: number,
            configuration: "cg-daily",
            definition: TaskDefinition(
                id: "pull", label: "Pull", type: "courier.pull", action: .command(words), blame: blame, grace: grace),
            directory: directory, runMode: .full, range: range, inputs: inputs)
    }

    func run(_ words: [String], reporting report: Recorder = Recorder()) async throws -> TaskOutcome {
        await runner.run(try attempt(words), reporting: report)
    }

    func python(_ script: String, reporting report: Recorder = Recorder()) async throws -> TaskOutcome {
        try await run(["python3", "-c", script], reporting: report)
    }
}
