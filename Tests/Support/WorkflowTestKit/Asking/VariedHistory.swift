public import WorkflowModel

/// Generated history with values in every field that a filter asks for, awkward ones among them.
public struct VariedHistory: Sendable {
    public var tenant: Tenant
    public var runs: [WorkflowRun]

    public init(
        _ count: Int, of tenant: Tenant = StoreBench.acme, over spread: RunHistory.Spread = .crowded, random: SeededRandom
    ) {
        self.tenant = tenant
        runs = (0..<count).map { _ in Self.run(of: tenant, over: spread, random: random) }
    }

    public var imported: [ImportedRun] {
        runs.map { ImportedRun(run: $0) }
    }

    /// A random run. Its texts come from small sets, so that filters find many runs, few, or none.
    public static func run(of tenant: Tenant, over spread: RunHistory.Spread, random: SeededRandom) -> WorkflowRun {
        let created = instant(of: spread, random)
        let state = random.pick(RunState.allCases)
        let lasted = Int64(random.number(in: 0...Int(spread.longest) - 1))
        return WorkflowRun(
            id: id(at: created, random), tenant: tenant, name: random.pick(Vocabulary.names), type: random.pick(Vocabulary.types),
            state: state, createdAt: created, endedAt: state.hasEnded ? created + .milliseconds(lasted) : nil,
            principal: random.pick(Vocabulary.principals), error: error(of: state, random), origin: origin(at: created, random),
            attempts: random.chance(0.7) ? 1 : random.pick([2, 2, 3, 4, 1_000]),
            warnings: [0, 0, 1, 0, 0, 2, 0, 0, 100, 0][Int(lasted % 10)])
    }

    static func instant(of spread: RunHistory.Spread, _ random: SeededRandom) -> Timestamp {
        StoreBench.start + .milliseconds(Int64(random.number(in: 0...Int(spread.span) - 1)))
    }

    /// An id of this service, or now and then one of another system.
    private static func id(at created: Timestamp, _ random: SeededRandom) -> RunID {
        let id = RunID(at: created, using: random)
        return random.chance(0.9) ? id : RunID(rawValue: random.pick(["WF-", "wf-É", "100%_'", "z\\"]) + id.rawValue.dropFirst(3))
    }

    private static func error(of state: RunState, _ random: SeededRandom) -> RunError? {
        switch state {
        case .failed where random.chance(0.95):
            RunError(
                attribution: random.pick([.customer, .platform, nil]), type: random.pick(Vocabulary.errorTypes),
                message: random.pick(Vocabulary.messages))
        case .canceled where random.chance(0.5): .manuallyStopped
        default: nil
        }
    }

    private static func origin(at created: Timestamp, _ random: SeededRandom) -> RunOrigin {
        // Some history says nothing of its origin.
        guard random.chance(0.85) else { return RunOrigin() }
        var origin = RunOrigin(configuration: random.pick(Vocabulary.configurations))
        if random.chance(0.8) { origin.runMode = random.pick(RunMode.allCases) }
        for label in Vocabulary.labels where random.chance(0.3) { origin.labels.set(label) }
        for (name, values) in Vocabulary.parameters where random.chance(0.3) {
            origin.parameters = origin.parameters.merging(RunParameters([(name: name, value: random.pick(values))]))
        }
        if random.chance(0.3) {
            origin.schedule = random.pick(Vocabulary.schedules)
            origin.scheduledFor = created + .seconds(-60)
        }
        if random.chance(0.3) { origin.range = TimeWindow(from: created + .seconds(-3_600), to: created) }
        if random.chance(0.15) { origin.rerunOf = random.pick(Vocabulary.reruns) }
        return origin
    }
}

extension SeededRandom {
    /// A random element of a list that is not empty.
    func pick<Element>(_ elements: [Element]) -> Element {
        elements[number(in: 0...elements.count - 1)]
    }
}
