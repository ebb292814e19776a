/// The values that the parameters of a trigger can name: `trigger.run_id`, `trigger.body.day`.
public struct TriggerValues: SubstitutionValues {
    /// The names behind `trigger.` of a trigger after another workflow.
    public enum RunName: String, CaseIterable, Sendable {
        case run = "run_id"
        case configuration = "config_id"
        case state
        case parameters
        case runMode = "run_mode"
        case rangeFrom = "range_from"
        case rangeTo = "range_to"
        case scheduledFor = "scheduled_for"
        case createdAt = "created_at"
        case endedAt = "ended_at"
    }

    /// The names behind `trigger.` of a webhook.
    public enum WebhookName: String, CaseIterable, Sendable {
        case body
        /// The id of the call.
        case delivery = "id"
        case webhook
        case receivedAt = "received_at"
    }

    private let values: [ExactText: JSONValue]

    /// Those of a run that has ended.
    public init(of run: WorkflowRun) {
        let origin = run.origin
        var values: [ExactText: JSONValue] = [:]
        for name in RunName.allCases {
            values[ExactText(name.rawValue)] =
                switch name {
                case .run: .string(run.id.rawValue)
                case .configuration: origin.configuration.map(JSONValue.string) ?? .null
                case .state: .string(run.state.rawValue)
                case .parameters: JSONValue(json: origin.parameters.json.text.utf8) ?? .object(JSONMembers())
                case .runMode: origin.runMode.map { .string($0.rawValue) } ?? .null
                case .rangeFrom: Self.value(origin.range?.from)
                case .rangeTo: Self.value(origin.range?.to)
                case .scheduledFor: Self.value(origin.scheduledFor)
                case .createdAt: Self.value(run.createdAt)
                case .endedAt: Self.value(run.endedAt)
                }
        }
        self.values = values
    }

    /// Those of a call of a webhook.
    public init(ofCall delivery: String, of webhook: String, body: JSONValue, at now: Timestamp) {
        var values: [ExactText: JSONValue] = [:]
        for name in WebhookName.allCases {
            values[ExactText(name.rawValue)] =
                switch name {
                case .body: body
                case .delivery: .string(delivery)
                case .webhook: .string(webhook)
                case .receivedAt: Self.value(now)
                }
        }
        self.values = values
    }

    private static func value(_ instant: Timestamp?) -> JSONValue { instant.map { .string($0.iso8601) } ?? .null }

    public func value(of reference: Reference) throws(MissingValue) -> JSONValue {
        guard reference.root == .trigger, let value = values[ExactText(reference.name)] else {
            throw MissingValue(reference: reference, reason: "is not a value of the trigger")
        }
        return try value.member(reference)
    }
}

extension [ParameterSetting] {
    /// The values for a run. A parameter whose whole value is null is left out, so that it gets its default.
    /// - Throws: ``MissingValue`` for a value that the cause of the trigger does not have.
    func values(from values: TriggerValues) throws(MissingValue) -> RunParameters {
        var result: [(name: String, value: JSONValue)] = []
        for setting in self {
            let value = try setting.value.value(from: values)
            if value != .null { result.append((setting.name, value)) }
        }
        return RunParameters(result)
    }
}
