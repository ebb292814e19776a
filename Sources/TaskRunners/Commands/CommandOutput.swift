import WorkflowModel

/// The JSON object that a command wrote to `WEIR_OUTPUT`.
struct CommandOutput: Hashable, Sendable {
    /// The member `error` of the object, which describes a failure.
    struct Description: Hashable, Sendable {
        var message: String
        var attribution: Attribution?
        var data: JSONText?
    }

    /// Without warnings: only those of a command that succeeded are read.
    var taskOutput: TaskOutput
    var error: Description?
    private var warnings: JSONValue?

    /// - Returns: nil when the command wrote no file; an error attributed to the customer when the file holds anything but an object.
    ///
    /// Secrets are masked in the values, not in the text, which stays valid JSON.
    static func reading(_ output: AttemptFiles.Output, _ mask: SecretMask = .none) -> Result<CommandOutput?, RunError> {
        switch output {
        case .none:
            .success(nil)
        case .text(let bytes):
            if let output = CommandOutput(bytes, mask) {
                .success(output)
            } else {
                // Masked before the fault quotes a part: a part of a secret is not found any longer.
                .failure(problem(fault(of: mask.masked(bytes, isCut: true))))
            }
        case .tooLarge:
            .failure(problem("is longer than \(CommandLimits.outputFile) bytes"))
        case .noDescriptor:
            .failure(CommandFault.notRead)
        case .unreadable:
            .failure(problem("is not a readable file"))
        }
    }

    private init?(_ bytes: [UInt8], _ mask: SecretMask) {
        guard let text = String(validating: bytes, as: UTF8.self), !text.hasPrefix("\u{FEFF}"),
            let read = JSONValue(json: bytes), case .object = read
        else { return nil }
        let value = mask.masked(read)
        let runID = value["run_id"]?.string.map { $0.prefix(bytes: CommandLimits.runID) }
        taskOutput = TaskOutput(values: value == read ? JSONText(validated: text) : JSONText(value), runID: runID)
        error = value["error"].flatMap(Description.init)
        warnings = value["warnings"]
    }

    /// The outcome of a command that succeeded: wrong warnings fail it, as a wrong file does.
    var outcome: TaskOutcome {
        guard let warnings else { return .succeeded(taskOutput) }
        do throws(TaskWarningsError) {
            var output = taskOutput
            output.warnings = try TaskWarnings(warnings)
            return .succeeded(output)
        } catch {
            let accepted = "Write \(TaskWarnings.accepted), or leave them out."
            return .failed(Self.error("The warnings in the file at WEIR_OUTPUT \(error.problem). \(accepted)"))
        }
    }

    /// A predicate for a sentence about the file: the JSON error, or the type that it holds instead of an object.
    private static func fault(of bytes: [UInt8]) -> String {
        if let fault = JSONFault(in: bytes) { return "is not valid JSON: \(fault)" }
        return switch JSONValue(json: bytes) {
        case .object?: "is an object that cannot be stored"
        case .array?: "is a JSON array, not an object"
        case .string?: "is a JSON string, not an object"
        case .integer?, .number?: "is a JSON number, not an object"
        case .bool?, .null?: "is \(String(decoding: bytes, as: UTF8.self).trimmed), not an object"
        case nil: "has a duplicate member"
        }
    }

    private static func problem(_ what: String) -> RunError {
        error("The file at WEIR_OUTPUT \(what). Write a JSON object of at most 1 MiB, or no file.")
    }

    private static func error(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.command/output", message: message)
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop(while: \.isWhitespace).prefix { !$0.isWhitespace })
    }
}

extension CommandOutput.Description {
    /// - Returns: nil when the value has no message.
    fileprivate init?(_ value: JSONValue) {
        guard let message = value["message"]?.string.map(TerminalText.plain), !message.isEmpty else { return nil }
        self.message = message.prefix(bytes: CommandLimits.errorMessage)
        attribution = value["attribution"]?.string.flatMap(Attribution.init(rawValue:))
        data = value["data"].flatMap { $0 == .null ? nil : JSONText($0) }
    }
}
