public import WorkflowModel

extension VariedHistory {
    /// A random text for a field, mostly one of a value that some run has.
    static func text(for field: RunFilterField, over spread: RunHistory.Spread, _ random: SeededRandom) -> String {
        switch field {
        case .createdFrom, .createdTo, .endedFrom, .endedTo: instant(of: spread, random).iso8601
        case .state: random.pick(RunState.allCases.map(\.rawValue) + ["running", "paused"])
        case .type: random.pick(Vocabulary.types + ["no such type"])
        // Only the documented parameter accepts NUL.
        case .notType: random.pick(Vocabulary.types.filter { !$0.utf8.contains(0) } + ["no such type"])
        case .configuration, .notConfiguration: random.pick(Vocabulary.configurations.compactMap(\.self) + ["cg-none"])
        case .principal, .notPrincipal: random.pick(Vocabulary.principals.map(\.id) + ["u-none"])
        case .attribution: random.pick(Attribution.allCases).rawValue
        case .errorType, .notErrorType:
            random.pick(Vocabulary.errorTypes + [RunError.manuallyStopped.type, "no.such/error"])
        case .text, .notText: random.pick(Vocabulary.words)
        case .label, .notLabel: random.pick(Vocabulary.labels.map(\.description) + ["team:none"])
        case .runMode: random.pick(RunMode.allCases).rawValue
        case .schedule: random.pick(Vocabulary.schedules + ["none"])
        case .rerunOf: random.pick(Vocabulary.reruns.map(\.rawValue) + ["wf-none"])
        case .runtimeFrom, .runtimeTo: Duration.milliseconds(random.number(in: 0...Int(spread.longest))).configurationText
        case .attemptsFrom: random.pick(["1", "2", "3", "4", "1000"])
        case .hasWarnings: random.pick(["true", "false"])
        }
    }

    /// A random filter, mostly of few fields. A repeated field sometimes has as many values as it may have.
    public static func filter(over spread: RunHistory.Spread, _ random: SeededRandom) throws -> RunFilter {
        let fields = (0..<random.pick([0, 1, 1, 2, 2, 2, 3, 3, 4, 6])).map { _ in random.pick(RunFilterField.all) }
        var filter = RunFilter()
        for field in fields {
            let count = field.mostValues == 1 ? 1 : random.pick([1, 1, 1, 2, 3, field.mostValues])
            for _ in 0..<count { try filter.add(text(for: field, over: spread, random), to: field) }
        }
        return filter.withOrderedWindows
    }

    /// Every field at once, each with as many values as it may have: the longest request.
    public static func fullestFilter(over spread: RunHistory.Spread, _ random: SeededRandom) throws -> RunFilter {
        var filter = RunFilter()
        for field in RunFilterField.all {
            for number in 0..<field.mostValues {
                // Most values have no run, because the vocabulary is smaller than that.
                let isKnown = number < 3 || field.kind == .state || field.kind == .attribution
                let text =
                    switch field.kind {
                    case .words, .text: isKnown ? text(for: field, over: spread, random) : "value \(number)"
                    case .label: isKnown ? text(for: field, over: spread, random) : "key-\(number):value"
                    default: text(for: field, over: spread, random)
                    }
                try filter.add(text, to: field)
            }
        }
        return filter.withOrderedWindows
    }
}

extension RunFilter {
    /// The same filter without a window that ends before it starts, which no request can have.
    fileprivate var withOrderedWindows: RunFilter {
        var filter = self
        for window in [\RunFilter.created, \RunFilter.ended] {
            if let from = filter[keyPath: window]?.from, let to = filter[keyPath: window]?.to, to < from {
                filter[keyPath: window] = TimeWindow(from: to, to: from)
            }
        }
        if let from = filter.runtime?.from, let to = filter.runtime?.to, to < from {
            filter.runtime = DurationWindow(from: to, to: from)
        }
        return filter
    }
}
