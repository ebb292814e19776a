import Foundation
import Logging
import TaskRunners
import WorkflowModel

/// A directory of its own for one test, and a runner in it. Removed with the last reference to it.
final class CommandWorkshop: Sendable {
    let root: String
    let runner: CommandRunner

    var work: String { "\(root)/work" }
    var scratch: String { "\(root)/scratch" }

    /// - Parameter grace: for tests of what happens before it is over, long.
    init(
        environment: [String: String] = ["PATH": "/usr/local/bin:/usr/bin:/bin"], allowed: [String] = [],
        grace: Duration = .seconds(3_600), atOnce: Duration = CommandLimits.atOnce, time: any TimeSource = SystemTime()
    ) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "weir-runner-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        runner = CommandRunner(
            environment: CommandEnvironment(inherited: environment, allowed: allowed), workDirectory: "\(root)/work",
            scratchDirectory: "\(root)/scratch", grace: grace, atOnce: atOnce, time: time,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    /// What is left of the private directories of attempts.
    var scratchContents: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: scratch)) ?? []
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
