import WorkflowModel

@testable import weir

/// Not the type of the testing library.
typealias ExitStatus = weir.ExitStatus

/// Runs and tasks with fixed dates.
enum Samples {
    static let noon = at("2024-02-10T12:00:00Z")

    static func at(_ text: String) -> Timestamp {
        Timestamp(iso8601: text) ?? .earliest
    }

    static let tenant: Tenant = {
        guard let tenant = Tenant("acme") else { preconditionFailure("acme is a tenant") }
        return tenant
    }()

    static let fault = RunError(
        attribution: .customer, type: "weir.task.command/exit", message: "Table members is in an invalid state\u{1B}[2J",
        data: JSONText(validated: #"{"exit_code":65}"#))

    static func run(
        _ number: Int = 1, state: RunState = .succeeded, took: Duration? = .milliseconds(65_250), error: RunError? = nil,
        origin: RunOrigin = RunOrigin(configuration: "cg-daily"), attempts: Int = 1
    ) -> WorkflowRun {
        WorkflowRun(
            id: RunID(rawValue: "wf-20240210-0000\(number)-aBcDeF"), tenant: tenant, name: "Daily № \(number)",
            type: "courier.group/run", state: state, createdAt: noon, endedAt: took.map { noon + $0 },
            principal: Principal(id: "wk_1", name: "deploy", email: number == 1 ? "ops@shop.example" : nil), error: error,
            origin: origin, attempts: attempts)
    }

    /// Everything that a run can say about where it belongs.
    static let origin = RunOrigin(
        configuration: "cg-daily", labels: labels("team=crm", "tier=gold"), runMode: .refresh,
        range: TimeWindow(from: at("2024-02-09"), to: noon), scheduledFor: noon, schedule: "nightly",
        rerunOf: RunID(rawValue: "wf-20240209-00001-aBcDeF"),
        trigger: RunTrigger(
            firing: "after_1", cause: .run(RunID(rawValue: "wf-20240209-00002-aBcDeF"), of: "cg-sources"), depth: 1))

    static func labels(_ texts: String...) -> RunLabels {
        RunLabels(texts.compactMap { try? Reading.label($0) })
    }

    static let failed = WorkflowRunDetails(
        run: run(3, state: .failed, error: fault, origin: origin, attempts: 2),
        launchedVersion: ConfigurationVersionID(rawValue: "etv-20240101-00001-aaaaaa"),
        currentVersion: ConfigurationVersionID(rawValue: "etv-20240201-00002-bbbbbb"), warnAfter: .seconds(7_200),
        tasks: [
            task(1, "pull-orders", state: .succeeded), task(2, "pull-members", state: .failed, error: fault),
            task(3, "unify", state: .skipped),
        ])

    static func task(_ number: Int, _ definition: String, state: TaskState, error: RunError? = nil) -> TaskInstance {
        TaskInstance(
            id: TaskID(rawValue: "wft-20240210-0000\(number)-aBcDeF"), run: RunID(rawValue: "wf-20240210-00003-aBcDeF"),
            tenant: tenant, label: "The task \(definition)", state: state, stateChangedAt: noon, createdAt: noon,
            endedAt: state.hasEnded ? noon + .seconds(30) : nil, executionType: "command", definitionID: definition,
            definitionType: "courier.pull", error: error)
    }

    static let attempts = [
        TaskAttemptRecord(
            task: failed.tasks[0].id, number: 1, startedAt: noon + .seconds(1), endedAt: noon + .milliseconds(1_850),
            outcome: .failed, error: RunError(attribution: .platform, type: "weir.worker/lost", message: "The worker was lost.")),
        TaskAttemptRecord(
            task: failed.tasks[0].id, number: 2, startedAt: noon + .seconds(5), endedAt: noon + .seconds(30), outcome: .succeeded),
        TaskAttemptRecord(
            task: failed.tasks[1].id, number: 1, startedAt: noon + .seconds(1), endedAt: noon + .seconds(30), outcome: .failed,
            error: fault),
    ]
}
