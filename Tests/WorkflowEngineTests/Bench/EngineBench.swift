import Foundation
import Logging
import SQLiteTestKit
import Testing
import WorkflowEngine
import WorkflowModel
import WorkflowTestKit

/// An engine over a real store. Its clock and its tasks advance only when a test moves them.
struct EngineBench: Sendable {
    let clock = TestClock()
    let random = SeededRandom(seed: 11)
    let log = RecordedLog()
    let store: WatchedStore
    var secrets: (any SecretSource)?
    /// All roles of the same store, unobserved.
    var database: any WorkflowStore { store.store }

    /// No timer fires within a test, unless the test advances the clock that far.
    static let patient = EngineSettings(pollInterval: .seconds(100_000))

    /// Runs `body` with a store in its own directory.
    static func with(isMute: Bool = false, _ body: (EngineBench) async throws -> Void) async throws {
        try await withEmbeddedStore { store in
            try await body(EngineBench(store: WatchedStore(store, isMute: isMute)))
        }
    }

    func engine(
        _ runner: ScriptedRunner, settings: EngineSettings = patient, over store: WatchedStore? = nil
    ) -> Engine {
        Engine(
            store: store ?? self.store, runners: [.command: runner], time: clock, random: random, secrets: secrets,
            settings: settings, logger: log.logger)
    }

    /// Runs `body` while an engine works, then shuts the engine down.
    func running(
        _ runner: ScriptedRunner, settings: EngineSettings = patient, _ body: (Engine) async throws -> Void
    ) async throws {
        let engine = engine(runner, settings: settings)
        let life = Task { try await engine.run() }
        do {
            try await body(engine)
        } catch {
            life.cancel()
            throw error
        }
        await engine.shutDown()
        try await life.value
    }

    // MARK: Runs

    static let acme = StoreBench.acme

    /// - Parameter tasks: one per line, as YAML.
    static func text(_ tasks: [String], warnAfter: String? = nil) -> String {
        (["id: daily", "name: Daily", "type: test/run"] + (warnAfter.map { ["warn_after: \($0)"] } ?? [])
            + ["stages:", "  - name: All", "    tasks:"] + tasks.map { "      - \($0)" }).joined(separator: "\n") + "\n"
    }

    static func task(_ id: String, _ more: String = "") -> String {
        "{id: \(id), label: Task \(id), type: test.task, command: [work]\(more.isEmpty ? "" : ", " + more)}"
    }

    /// Saves a configuration and starts a run of it.
    func start(_ tasks: String..., warnAfter: String? = nil) async throws -> RunID {
        try await start(tasks, warnAfter: warnAfter)
    }

    func start(_ tasks: [String], warnAfter: String? = nil) async throws -> RunID {
        let source = ConfigurationSource(text: Self.text(tasks, warnAfter: warnAfter), format: .yaml, directory: "/work")
        let configuration = try ConfigurationReader().read(source, file: "daily.yaml")
        return try await start(configuration, source: source)
    }

    /// - Parameter source: the stored text of the configuration.
    func start(_ configuration: WorkflowConfiguration, source: ConfigurationSource) async throws -> RunID {
        let draft = ConfigurationDraft(
            version: ConfigurationVersionID(at: clock.now, using: random), tenant: Self.acme, configuration: configuration.id,
            name: configuration.name, type: configuration.type, source: source, author: StoreBench.someone)
        let saved = try await store.saveConfiguration(draft, at: clock.now)
        let plan = try RunPlan(
            configuration, version: saved.version, for: RunRequest(principal: StoreBench.someone), at: clock.now, random: random)
        return try await database.createRun(plan, once: nil).details.run.id
    }

    func details(_ run: RunID) async throws -> WorkflowRunDetails {
        try #require(try await database.run(run, of: Self.acme))
    }

    func task(_ definition: String, of run: RunID) async throws -> TaskInstance {
        try #require(try await details(run).tasks.first { $0.definitionID == definition })
    }

    /// Returns when the run has ended and the reporting worker has received the answer.
    func end(of run: RunID) async throws -> WorkflowRunDetails {
        try await store.untilStored { try await $0.run(run, of: Self.acme)?.run.state.hasEnded == true }
        await store.until { $0.inProgress[.commit, default: 0] == 0 && $0.inProgress[.endLostAttempt, default: 0] == 0 }
        return try await details(run)
    }

    /// Returns when the task is in this state.
    func until(_ definition: String, of run: RunID, is state: TaskState) async throws {
        try await store.untilStored { store in
            try await store.run(run, of: Self.acme)?.tasks.contains { $0.definitionID == definition && $0.state == state } == true
        }
    }

    /// Without marks.
    func output(_ definition: String, of run: RunID, attempt: Int? = nil) async throws -> OutputSlice {
        var slice = try await markedOutput(definition, of: run, attempt: attempt)
        slice.marks = OutputMarks()
        return slice
    }

    func markedOutput(_ definition: String, of run: RunID, attempt: Int? = nil) async throws -> OutputSlice {
        let task = try await task(definition, of: run).id
        return try #require(
            try await database.output(
                TaskOutputQuery(of: task, in: run, tenant: Self.acme, attempt: attempt, from: 0, limit: 1 << 20)))
    }
}

extension EngineBench {
    /// Returns when an attempt at the definition is running and the store knows it.
    func untilRunning(_ definition: String, by runner: ScriptedRunner) async {
        await runner.untilHeld(definition)
        guard let attempt = runner.record.attempts(of: definition).last else { return }
        await store.until { record in
            record.commits.contains { $0.event == .began && $0.lease.task == attempt.task && $0.lease.attempt == attempt.number }
        }
    }

    /// Returns when the engine pauses before the first retry of a call to the unreachable store.
    func untilRetrying() async {
        await clock.untilSleeping { $0 >= .milliseconds(50) && $0 <= .milliseconds(75) }
    }
}
