/// An event that starts a run of a workflow: the end of a run of another workflow, or a call of a webhook.
public struct WorkflowTrigger: Hashable, Sendable {
    public enum Event: Hashable, Sendable {
        case after(RunEnding)
        case webhook(Webhook)
    }

    /// Ends of runs of another workflow.
    public struct RunEnding: Hashable, Sendable {
        /// The id of the other workflow, which need not exist yet.
        @Exact public var configuration: String
        /// Never empty.
        public var on: Set<TriggerEnd>

        public init(of configuration: String, on ends: Set<TriggerEnd>) {
            self.configuration = configuration
            self.on = ends
        }

        public func covers(_ state: RunState) -> Bool { on.contains { $0.covers(state) } }
    }

    /// An address of its own, to which another system posts JSON.
    public struct Webhook: Hashable, Sendable {
        /// Unique in its configuration.
        @Exact public var name: String
        /// The secret of the tenant that signs its calls.
        @Exact public var secret: String

        public init(_ name: String, secret: String) {
            self.name = name
            self.secret = secret
        }
    }

    /// The time range of its runs.
    public enum Range: String, CaseIterable, Sendable {
        case none
        /// That of the run that has ended.
        case trigger
    }

    public var event: Event
    /// The mode of its runs; nil for the configuration's default.
    public var runMode: RunMode?
    public var range: Range
    /// The parameters of its runs that have other values than their defaults.
    public var parameters: [ParameterSetting]

    public init(_ event: Event, runMode: RunMode? = nil, range: Range = .none, parameters: [ParameterSetting] = []) {
        self.event = event
        self.runMode = runMode
        self.range = range
        self.parameters = parameters
    }
}

/// An end of a run that a trigger can wait for.
public enum TriggerEnd: String, CaseIterable, Sendable {
    case succeeded
    case failed
    /// Every end, also that of a run that was stopped.
    case any

    public func covers(_ state: RunState) -> Bool {
        switch self {
        case .succeeded: state == .succeeded
        case .failed: state == .failed
        case .any: state.hasEnded
        }
    }
}

/// A trigger of a configuration as the stores keep it, so that the end of a run finds it.
public struct AfterTrigger: Hashable, Sendable {
    /// The workflow whose runs end.
    @Exact public var source: String
    public var on: Set<TriggerEnd>

    public init(after source: String, on ends: Set<TriggerEnd>) {
        self.source = source
        on = ends
    }

    /// The form in the stores: the names of the ends, separated by commas.
    public var storedText: String { TriggerEnd.allCases.filter(on.contains).map(\.rawValue).joined(separator: ",") }

    /// - Returns: nil for a text that is not in the form of ``storedText``.
    public init?(after source: String, storedText text: String) {
        let ends = text.split(separator: ",").map { TriggerEnd(rawValue: String($0)) }
        guard !ends.isEmpty, !ends.contains(nil) else { return nil }
        self.init(after: source, on: Set(ends.compactMap(\.self)))
    }
}

extension WorkflowConfiguration {
    /// Its triggers after other workflows, one for each of those, by id.
    public var afterTriggers: [AfterTrigger] {
        var ends: [ExactText: Set<TriggerEnd>] = [:]
        for case .after(let ending) in triggers.map(\.event) {
            ends[ExactText(ending.configuration), default: []].formUnion(ending.on)
        }
        return ends.sorted { $0.key < $1.key }.map { AfterTrigger(after: $0.key.text, on: $0.value) }
    }

    /// The trigger of a run of another workflow that has ended in a state. At most one: the reader refuses several.
    public func trigger(after configuration: String, in state: RunState) -> WorkflowTrigger? {
        triggers.first { trigger in
            guard case .after(let ending) = trigger.event else { return false }
            return ending.configuration.isIdentical(to: configuration) && ending.covers(state)
        }
    }

    /// The trigger of a webhook, and the webhook.
    public func trigger(ofWebhook name: String) -> (trigger: WorkflowTrigger, webhook: WorkflowTrigger.Webhook)? {
        for trigger in triggers {
            if case .webhook(let webhook) = trigger.event, webhook.name.isIdentical(to: name) { return (trigger, webhook) }
        }
        return nil
    }

    public var webhooks: [WorkflowTrigger.Webhook] {
        triggers.compactMap { if case .webhook(let webhook) = $0.event { webhook } else { nil } }
    }
}
