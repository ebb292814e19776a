import WorkflowModel

/// The part of the server's environment that commands inherit: `PATH`, `HOME`, `LANG`, `TZ`, and the names that the operator allows.
public struct CommandEnvironment: Hashable, Sendable {
    /// Inherited by every command.
    public static let always = ["PATH", "HOME", "LANG", "TZ"]
    /// The search path for programs when the server has no `PATH`.
    public static let standardPath = "/usr/local/bin:/usr/bin:/bin"
    static let taskIDName = "WEIR_TASK_ID"
    static let attemptName = "WEIR_ATTEMPT"

    /// The search path for programs without a slash in their name.
    let path: String
    private let inherited: [String: String]

    /// - Parameters:
    ///  - inherited: the server's environment.
    ///  - allowed: further names to inherit. Names that begin with `WEIR_` are reserved and never inherited.
    public init(inherited: [String: String], allowed: [String] = []) {
        var passed: [String: String] = [:]
        for name in Self.always + allowed.filter(Self.mayBeAllowed) {
            passed[name] = inherited[name]
        }
        path = passed["PATH"] ?? Self.standardPath
        passed["PATH"] = path
        self.inherited = passed
    }

    /// The complete environment of one attempt.
    func variables(of attempt: TaskAttempt, inputs: String, output: String) -> [String: String] {
        var variables = inherited
        // None of them has a name that begins with WEIR_.
        for variable in attempt.definition.env { variables[variable.name] = variable.value }
        variables["WEIR_TENANT"] = attempt.tenant.name
        variables["WEIR_WORKFLOW_ID"] = attempt.run.rawValue
        variables[Self.taskIDName] = attempt.task.rawValue
        variables[Self.attemptName] = String(attempt.number)
        variables[ServiceMark.name] = ServiceMark.own.text
        variables["WEIR_RUN_MODE"] = attempt.runMode.rawValue
        variables["WEIR_RANGE_FROM"] = attempt.range?.from?.iso8601
        variables["WEIR_RANGE_TO"] = attempt.range?.to?.iso8601
        variables["WEIR_SCHEDULED_FOR"] = attempt.scheduledFor?.iso8601
        if !attempt.parameters.isEmpty { variables["WEIR_PARAMETERS"] = attempt.parameters.json.text }
        variables["WEIR_RUN_OUTCOME"] = attempt.soFar?.outcome.rawValue
        variables["WEIR_FAILED_TASKS"] = attempt.soFar?.failedTasks.joined(separator: ",")
        variables["WEIR_ITEM"] = attempt.item?.value.text
        variables["WEIR_ITEM_INDEX"] = attempt.item.map { String($0.index) }
        variables["WEIR_INPUTS"] = inputs
        variables["WEIR_OUTPUT"] = output
        return variables
    }

    private static func mayBeAllowed(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return !name.hasPrefix("WEIR_") && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") }
    }
}
