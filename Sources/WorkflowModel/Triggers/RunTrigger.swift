/// The trigger that started a run.
public struct RunTrigger: Hashable, Sendable {
    public enum Cause: Hashable, Sendable {
        /// The end of that run of another workflow, which may have been deleted.
        case run(RunID, of: ExactText)
        case webhook(ExactText)
    }

    /// The id of its firing.
    @Exact public var firing: String
    public var cause: Cause
    /// How many triggers led to the run, one after another. 1 for a run that follows one that no trigger started.
    public var depth: Int

    public init(firing: String, cause: Cause, depth: Int) {
        self.firing = firing
        self.cause = cause
        self.depth = depth
    }
}

/// The form in the stores and on the wire: a JSON object.
extension RunTrigger {
    public var json: JSONText { JSONText(value) }

    public var value: JSONValue {
        var members = JSONMembers()
        members.add("firing_id", .string(firing))
        switch cause {
        case .run(let run, let configuration):
            members.add("workflow_id", .string(run.rawValue))
            members.add("config_id", .string(configuration.text))
        case .webhook(let name): members.add("webhook", .string(name.text))
        }
        members.add("depth", .integer(Int64(depth)))
        return .object(members)
    }

    /// - Returns: nil for another value than ``value`` makes.
    public init?(_ value: JSONValue) {
        guard case .object(let members) = value, case .string(let firing)? = members["firing_id"],
            case .integer(let depth)? = members["depth"], (1...Int64(Int32.max)).contains(depth)
        else { return nil }
        switch (members["workflow_id"], members["config_id"], members["webhook"]) {
        case (.string(let run)?, .string(let configuration)?, nil):
            self.init(firing: firing, cause: .run(RunID(rawValue: run), of: ExactText(configuration)), depth: Int(depth))
        case (nil, nil, .string(let name)?): self.init(firing: firing, cause: .webhook(ExactText(name)), depth: Int(depth))
        default: return nil
        }
    }

    public init?(storedText text: String) {
        guard let value = JSONValue(json: text.utf8) else { return nil }
        self.init(value)
    }
}

extension RunTrigger {
    /// The cause in words: ``run wf-… of `cg-sources` ``.
    public var words: String {
        switch cause {
        case .run(let run, let configuration): "\(run) of \(configuration.text)"
        case .webhook(let name): "webhook \(name.text)"
        }
    }
}
