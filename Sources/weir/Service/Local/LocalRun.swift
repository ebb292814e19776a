import AsyncHTTPClient
import Foundation
import Logging
import SQLiteStore
import TaskRunners
import UnixSignals
import WorkflowAPI
import WorkflowEngine
import WorkflowModel
import WorkflowOperations

/// Runs a workflow without a service: the engine over an embedded store in a temporary directory, for one run.
struct LocalRun: Sendable {
    /// How often the store is read for changes of the run.
    static let interval = Duration.milliseconds(100)
    static let principal = Principal(id: "weir.run", name: "weir run")

    /// The one task that runs.
    struct Choice: Sendable {
        var task: String
        /// The outputs of the tasks that it needs, by definition id. The others have an empty object.
        var outputs: [ExactText: JSONText]
    }

    var file: ConfigurationFile
    var tenant: Tenant
    var runMode: RunMode?
    var range: TimeWindow?
    var parameters: RunParameters
    /// nil for all tasks.
    var choice: Choice?
    var workers: Int
    var grace: Duration
    var environment: CommandEnvironment
    var proxies: ProxySettings
    var secrets: LocalSecrets
    var console = Console.standard

    /// - Returns: the run after its end.
    /// - Throws: ``CommandFailure`` when it cannot start; `StoreError`.
    func run() async throws -> WorkflowRunDetails {
        // From the beginning, so that no signal leaves the directory behind.
        let signals = await UnixSignalsSequence(trapping: ServiceSignals.trapped)
        let directory = try PrivateDirectory.create(for: "run")
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try await OwnThread.run { try SQLiteStore.open(directory: directory, time: SystemTime()) }
        do {
            let details = try await run(in: directory, store, signals)
            try await store.close()
            return details
        } catch {
            try? await store.close()
            throw error
        }
    }

    private func run(
        in directory: String, _ store: SQLiteStore, _ signals: UnixSignalsSequence
    ) async throws -> WorkflowRunDetails {
        let plan = try await plan(in: store)
        let shown = plan.tasks.filter { !$0.isSkipped && $0.resolved == nil }.map(\.definitionID)
        try secrets.check(file.configuration.tasks.filter { shown.containsExactly($0.id) })
        let id = try await store.createRun(plan, once: nil).details.run.id
        let groups = plan.tasks.filter { $0.fan != nil }.map { "\($0.definitionID)[999]" }
        let output = LiveOutput(console: console, tasks: shown + groups)
        let logger = Logger(label: "weir.run") { LineLog(label: $0, logLevel: .warning) }
        let containment = try await OwnThread.run { TaskContainment.ofService(logger: logger) }
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: HTTPRunner.configuration)
        let proxies = ProxyClients(self.proxies)
        let commands = CommandRunner(
            environment: environment, workDirectory: directory + "/work", scratchDirectory: directory + "/scratch", grace: grace,
            processes: ProcessSettings(containment: containment), time: SystemTime(), logger: logger)
        let runners: [ExecutionType: any TaskRunner] = [.command: commands, .http: HTTPRunner(client: client, proxies: proxies)]
        let engine = Engine(
            store: store, runners: runners.mapValues { ShownRunner(runner: $0, output: output) }, time: SystemTime(),
            random: SystemRandom(), secrets: secrets, settings: EngineSettings(workers: workers, grace: grace), logger: logger)
        console.note("Running \(HumanText.printable(file.id)) from \(HumanText.printable(file.name)).")
        let interruption = RunInterruption(
            signals: signals, run: id, tenant: tenant, store: store, console: console
        ) {
            containment.endAtOnce()
            try? FileManager.default.removeItem(atPath: directory)
        }
        let result = await outcome(of: id, engine, store, showing: Set(shown.map { ExactText($0) }), interruption)
        try? await client.shutdown()
        try? await proxies.shutdown()
        try await OwnThread.run {
            containment.end()
            try output.flush()
        }
        return try result.get()
    }

    /// Works until the run has ended.
    private func outcome(
        of id: RunID, _ engine: Engine, _ store: SQLiteStore, showing tasks: Set<ExactText>, _ interruption: RunInterruption
    ) async -> Result<WorkflowRunDetails, any Error> {
        await withTaskGroup(of: Result<WorkflowRunDetails, any Error>?.self) { group in
            group.addTask {
                do {
                    try await engine.run()
                    return nil
                } catch {
                    return .failure(error)
                }
            }
            group.addTask {
                await interruption.watch()
                return nil
            }
            group.addTask {
                do { return .success(try await end(of: id, in: store, showing: tasks)) } catch { return .failure(error) }
            }
            var result: Result<WorkflowRunDetails, any Error> = .failure(CancellationError())
            for await ended in group {
                guard let ended else { continue }
                result = ended
                // Cancelling the engine's task is its graceful shutdown.
                group.cancelAll()
            }
            return result
        }
    }

    private func end(of id: RunID, in store: SQLiteStore, showing tasks: Set<ExactText>) async throws -> WorkflowRunDetails {
        var progress = LocalProgress(console: console, tasks: tasks)
        var seen: UInt64?
        while true {
            let number = store.changeNumber
            if number == nil || number != seen, let details = try await store.run(id, of: tenant) {
                progress.show(details)
                if details.run.state.hasEnded { return details }
            }
            seen = number
            try await SystemTime().sleep(for: Self.interval)
        }
    }

    /// Stores the configuration and plans its run.
    private func plan(in store: SQLiteStore) async throws -> RunPlan {
        let (now, random) = (SystemTime().now, SystemRandom())
        let configuration = file.configuration
        // Without schedules and alerts: nothing else starts here, and nothing is told.
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: now, using: random), tenant: tenant, configuration: file.id,
            name: configuration.name, type: configuration.type, source: file.source, author: Self.principal)
        let saved = try await store.saveConfiguration(draft, at: now)
        let request = RunRequest(principal: Self.principal, runMode: runMode, range: range, parameters: parameters)
        var plan: RunPlan
        do {
            plan = try RunPlan(configuration, version: saved.version, for: request, at: now, random: random)
        } catch {
            throw APIError(error)
        }
        plan.warnAfter = nil
        guard let choice else { return try Self.checked(plan) }
        guard let needs = plan.keepOnly(choice.task, outputs: choice.outputs) else { throw Self.unknown(choice.task, in: plan) }
        if let other = choice.outputs.keys.sorted().first(where: { id in !needs.contains { id.text.isIdentical(to: $0) } }) {
            let accepted = needs.isEmpty ? "It needs no task." : "It needs \(needs.joined(separator: ", "))."
            throw CommandFailure(
                .data, "--outputs names \(HumanText.printable(other.text)), which \(choice.task) does not need. \(accepted)")
        }
        return try Self.checked(plan)
    }

    /// - Throws: ``CommandFailure`` for a task that would call another workflow.
    private static func checked(_ plan: RunPlan) throws(CommandFailure) -> RunPlan {
        let call = plan.tasks.first { $0.executionType == .workflow && !$0.isSkipped && $0.resolved == nil }
        guard let call else { return plan }
        throw CommandFailure(
            .data,
            "The task \(HumanText.printable(call.definitionID)) calls another workflow, which needs a service: apply both files and "
                + "start a run with weir start, or run other tasks alone with --task.")
    }

    private static func unknown(_ task: String, in plan: RunPlan) -> CommandFailure {
        let names = plan.tasks.filter { !$0.isSkipped }.map(\.definitionID)
        return CommandFailure(
            .noInput,
            "In the run mode \(plan.runMode.rawValue) there is no task \(HumanText.printable(task)). Its tasks: "
                + "\(names.joined(separator: ", ")).")
    }
}
