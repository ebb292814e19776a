import WorkflowModel

/// What of the server's environment reaches the commands: `PATH`, `HOME`, `LANG`, `TZ`, and the names that the operator allows.
public struct CommandEnvironment: Hashable, Sendable {
    /// What reaches every command.
    public static let always = ["PATH", "HOME", "LANG", "TZ"]
    /// Where programs are looked up when the server has no `PATH`.
    public static let standardPath = "/usr/local/bin:/usr/bin:/bin"
    static let taskIDName = "WEIR_TASK_ID"
    static let attemptName = "WEIR_ATTEMPT"

    /// Where programs without a slash in their name are looked up.
    let path: String
    private let inherited: [String: String]

    /// - Parameters:
    ///   - inherited: the server's environment.
    ///   - allowed: further names that commands may see. Names that begin with `WEIR_` are the service's own and never passed on.
    public init(inherited: [String: String], allowed: [String] = []) {
        var passed: [String: String] = [:]
        for name in Self.always + allowed.filter(Self.mayBeAllowed) {
            passed[name] = inherited[name]
        }
        path = passed["PATH"] ?? Self.standardPath
        passed["PATH"] = path
        self.inherited = passed
    }

    /// The whole environment of one attempt.
    func variables(of attempt: TaskAttempt, inputs: String, output: String) -> [String: String] {
        var variables = inherited
        variables["WEIR_TENANT"] = attempt.tenant.name
        variables["WEIR_WORKFLOW_ID"] = attempt.run.rawValue
        variables[Self.taskIDName] = attempt.task.rawValue
        variables[Self.attemptName] = String(attempt.number)
        variables[ServiceMark.name] = ServiceMark.own.text
        variables["WEIR_RUN_MODE"] = attempt.runMode.rawValue
        variables["WEIR_RANGE_FROM"] = attempt.range?.from?.iso8601
        variables["WEIR_RANGE_TO"] = attempt.range?.to?.iso8601
        variables["WEIR_SCHEDULED_FOR"] = attempt.scheduledFor?.iso8601
        variables["WEIR_INPUTS"] = inputs
        variables["WEIR_OUTPUT"] = output
        return variables
    }

    private static func mayBeAllowed(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return false }
        return !name.hasPrefix("WEIR_") && !name.utf8.contains { $0 == 0 || $0 == UInt8(ascii: "=") }
    }
}
