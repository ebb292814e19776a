/// How a person settles a task that failed, waits for another attempt, or belongs to a run that has ended.
///
/// While the run goes on, the first three change the run itself, as events of its state machine. Once it has ended, each of them starts
/// a rerun that carries the decision: an ended run never changes.
public enum Resolution: String, CaseIterable, Hashable, Sendable {
    /// The task is attempted once more. Attempts go on counting; a failed attempt is followed by another one only as far as the task's
    /// retry policy allows that many attempts in total.
    case retry
    /// Its dependents run as if it had succeeded. Its outputs are the given ones, or an empty object.
    case skip
    /// It counts as succeeded, with the given outputs, or an empty object.
    case succeed
    /// A rerun in which the task and everything that needs it run again. Other results are kept.
    case fromHere = "from-here"
    /// A rerun in which every task runs again.
    case fromStart = "from-start"

    /// Whether it can change a run that goes on.
    public var actsInPlace: Bool {
        switch self {
        case .retry, .skip, .succeed: true
        case .fromHere, .fromStart: false
        }
    }

    /// Whether it takes outputs.
    public var takesOutputs: Bool {
        switch self {
        case .skip, .succeed: true
        case .retry, .fromHere, .fromStart: false
        }
    }

    /// The point from which a rerun that carries it starts.
    var start: RerunStart { self == .fromStart ? .start : .failure }

    /// The event of the task, for a resolution that acts in place.
    var event: TaskEventKind? {
        switch self {
        case .retry: .retryRequested
        case .skip: .skipRequested
        case .succeed: .markedSucceeded
        case .fromHere, .fromStart: nil
        }
    }

    /// Words that follow the name of a task: "Clean orders was skipped".
    public var past: String {
        switch self {
        case .retry: "was retried"
        case .skip: "was skipped"
        case .succeed: "was marked as succeeded"
        case .fromHere: "was restarted with all that needs it"
        case .fromStart: "was restarted with the whole run"
        }
    }
}

/// The rule for the outputs that a person gives for a task. They are those of a command's `WEIR_OUTPUT`.
public enum ResolvedOutputs {
    /// Bytes at most.
    public static let bytes = 1 << 20
    public static let words = "a JSON object of at most \(bytes) bytes, at most \(JSONValue.depthLimit) levels deep"
    /// Those of a task for which none were given.
    public static let none = JSONText(validated: "{}")

    /// Reads outputs.
    /// - Returns: nil for anything that ``words`` do not describe.
    public static func read(_ text: [UInt8]) -> JSONText? {
        guard text.count <= bytes, JSONFault(in: text) == nil, case .object? = JSONValue(json: text),
            let text = String(validating: text, as: UTF8.self)
        else { return nil }
        return JSONText(validated: text)
    }
}
