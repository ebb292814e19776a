import Testing
import WorkflowModel

/// The conditions that the documented API does not have.
@Suite("Added conditions of filters")
struct AddedConditionTests {
    private static func run(_ change: (inout WorkflowRun) -> Void = { _ in }) throws -> WorkflowRun {
        var run = WorkflowRun(
            id: RunID(rawValue: "wf-20261130-00001-abcdef"), tenant: try #require(Tenant("acme")), name: "Daily load",
            type: "courier.group/run", state: .failed, createdAt: Timestamp(milliseconds: 10_000),
            endedAt: Timestamp(milliseconds: 70_000), principal: Principal(id: "deploy", name: "Deploy"),
            error: RunError(attribution: .platform, type: "weir.task.command/exit", message: "Connection reset by peer"),
            origin: RunOrigin(
                configuration: "cg-daily", labels: try #require(RunLabels(storedText: "team:crm,tier:gold")), runMode: .refresh,
                schedule: "nightly", rerunOf: RunID(rawValue: "wf-old")),
            attempts: 3, warnings: 2)
        change(&run)
        return run
    }

    private static func filter(_ field: RunFilterField, _ values: [String]) throws -> RunFilter {
        try RunFilter { $0 == field ? values : [] }
    }

    @Test(arguments: [
        (RunFilterField.configuration, ["cg-daily"], true), (.configuration, ["x", "cg-daily"], true),
        (.configuration, ["CG-daily"], false),
        (.notConfiguration, ["cg-daily"], false), (.notConfiguration, ["x"], true),
        (.principal, ["deploy"], true), (.principal, ["Deploy"], false), (.notPrincipal, ["x", "deploy"], false),
        (.attribution, ["platform"], true), (.attribution, ["customer"], false), (.attribution, ["customer", "platform"], true),
        (.errorType, ["weir.task.command/exit"], true), (.errorType, ["weir.task.command"], false),
        (.notErrorType, ["weir.task.command/exit"], false), (.notErrorType, ["x"], true),
        (.text, ["daily LOAD"], true), (.text, ["cg-d"], true), (.text, ["00001-abc"], true), (.text, ["reset by"], true),
        (.text, ["daily", "peer"], true), (.text, ["daily", "pear"], false), (.text, ["deploy"], false),
        (.text, ["%" + "a"], false),
        (.notText, ["peer"], false), (.notText, ["pear"], true), (.notText, ["pear", "peer"], false),
        (.label, ["team:crm"], true), (.label, ["team:crm", "tier:gold"], true), (.label, ["team:crm", "tier:"], false),
        (.notLabel, ["team:crm"], false), (.notLabel, ["team:ops", "tier:"], true),
        (.runMode, ["refresh"], true), (.runMode, ["full"], false), (.schedule, ["nightly"], true), (.schedule, ["night"], false),
        (.rerunOf, ["wf-old"], true), (.rerunOf, ["wf-"], false),
        (.runtimeFrom, ["1m"], true), (.runtimeFrom, ["1m1ms"], false), (.runtimeTo, ["1m"], false), (.runtimeTo, ["1m1ms"], true),
        (.attemptsFrom, ["3"], true), (.attemptsFrom, ["4"], false),
        (.hasWarnings, ["true"], true), (.hasWarnings, ["false"], false), (.notType, ["courier.group/run"], false),
        (.notType, ["x"], true),
    ])
    func matchByTheirValues(field: RunFilterField, values: [String], matches: Bool) throws {
        #expect(try Self.filter(field, values).matches(Self.run()) == matches)
    }

    /// A run without a value has no included value, and every excluded one.
    @Test(arguments: [
        (RunFilterField.configuration, "x", false), (.notConfiguration, "x", true), (.errorType, "x", false),
        (.notErrorType, "x", true),
        (.attribution, "customer", false), (.runMode, "full", false), (.schedule, "x", false), (.rerunOf, "x", false),
        (.runtimeFrom, "0s", false), (.runtimeTo, "1d", false), (.label, "team:crm", false), (.notLabel, "team:crm", true),
        (.text, "reset", false), (.notText, "reset", true), (.attemptsFrom, "1", true), (.attemptsFrom, "2", false),
        (.hasWarnings, "true", false), (.hasWarnings, "false", true),
    ])
    func ofARunWithoutTheValue(field: RunFilterField, value: String, matches: Bool) throws {
        let bare = try Self.run { run in
            run.error = nil
            run.endedAt = nil
            run.state = .started
            run.origin = RunOrigin()
            run.attempts = 1
            run.warnings = 0
        }
        #expect(try Self.filter(field, [value]).matches(bare) == matches)
    }

    @Test func allOfThemHaveToMatch() throws {
        let run = try Self.run()
        let fields: [(RunFilterField, String, String)] = [
            (.configuration, "cg-daily", "x"), (.principal, "deploy", "x"), (.label, "team:crm", "team:x"),
            (.text, "reset", "resett"),
        ]
        for wrong in fields.map(\.0) {
            let filter = try RunFilter { field in fields.filter { $0.0 == field }.map { field == wrong ? $0.2 : $0.1 } }
            #expect(!filter.matches(run))
        }
        #expect(try RunFilter { field in fields.filter { $0.0 == field }.map(\.1) }.matches(run))
    }

    @Test func anAttributionThatIsUnknownIsNone() throws {
        let run = try Self.run { $0.error = RunError(attribution: nil, type: "x", message: "y") }
        #expect(try !Self.filter(.attribution, ["customer", "platform"]).matches(run))
    }

    @Test func aFilterOfRuntimesShowsEndedRunsOnly() throws {
        #expect(try Self.filter(.runtimeTo, ["1h"]).possibleStates == RunState.allCases.filter(\.hasEnded))
    }
}
