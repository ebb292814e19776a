import WorkflowModel

/// The JSON object that a command left at `WEIR_OUTPUT`.
struct CommandOutput: Hashable, Sendable {
    /// A member `error` of it, which describes a failure.
    struct Description: Hashable, Sendable {
        var message: String
        var attribution: Attribution?
        var data: JSONText?
    }

    var taskOutput: TaskOutput
    var error: Description?

    /// - Returns: nil when the command left nothing; an error of the customer's when it left something else than an object.
    static func reading(_ output: AttemptFiles.Output) -> Result<CommandOutput?, RunError> {
        switch output {
        case .none:
            .success(nil)
        case .text(let bytes):
            if let output = CommandOutput(bytes) { .success(output) } else { .failure(problem("is not a JSON object in UTF-8")) }
        case .tooLarge:
            .failure(problem("is longer than \(CommandLimits.outputFile) bytes"))
        case .unreadable:
            .failure(problem("is not a file that can be read"))
        }
    }

    private init?(_ bytes: [UInt8]) {
        guard let text = String(validating: bytes, as: UTF8.self), !text.hasPrefix("\u{FEFF}"),
            let value = JSONValue(json: bytes), case .object = value
        else { return nil }
        let runID = value["run_id"]?.string.map { String($0.prefix(CommandLimits.runID)) }
        taskOutput = TaskOutput(values: JSONText(validated: text), runID: runID)
        error = value["error"].flatMap(Description.init)
    }

    private static func problem(_ what: String) -> RunError {
        RunError(
            attribution: .customer, type: "weir.task.command/output",
            message: "What the command left at WEIR_OUTPUT \(what); a JSON object of at most 1 MiB, or nothing, is accepted.")
    }
}

extension CommandOutput.Description {
    /// - Returns: nil for what has no message.
    fileprivate init?(_ value: JSONValue) {
        guard let message = value["message"]?.string, !message.isEmpty else { return nil }
        self.message = String(message.prefix(CommandLimits.errorMessage))
        attribution = value["attribution"]?.string.flatMap(Attribution.init(rawValue:))
        data = value["data"].flatMap { $0 == .null ? nil : JSONText($0) }
    }
}
