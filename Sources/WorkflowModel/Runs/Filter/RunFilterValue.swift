/// The condition of a filter on one field.
public enum RunFilterValue: Sendable {
    case dateTime(Timestamp)
    case states(Set<RunState>)
    /// In the order of their bytes, each once.
    case texts([String])
    case duration(Duration)
    case count(Int)
    case flag(Bool)

    /// The texts that ``RunFilter/add(_:to:)`` reads back as this value.
    public var texts: [String] {
        switch self {
        case .dateTime(let instant): [instant.iso8601]
        case .states(let states): RunStates.values(of: states)
        case .texts(let texts): texts
        case .duration(let duration): [duration.configurationText]
        case .count(let count): [String(count)]
        case .flag(let flag): [String(flag)]
        }
    }

    fileprivate init?(_ texts: Set<ExactText>?) {
        guard let texts, !texts.isEmpty else { return nil }
        self = .texts(texts.sortedTexts)
    }

    fileprivate init?(_ words: Set<SearchWord>) {
        self.init(Set(words.map { ExactText($0.text) }))
    }

    fileprivate init?(_ labels: Set<RunLabel>) {
        self.init(Set(labels.map { ExactText($0.description) }))
    }
}

extension RunFilter {
    /// The condition of the filter on the field; nil without one.
    public func value(of field: RunFilterField) -> RunFilterValue? {
        switch field {
        case .createdFrom: created?.from.map { .dateTime($0) }
        case .createdTo: created?.to.map { .dateTime($0) }
        case .endedFrom: ended?.from.map { .dateTime($0) }
        case .endedTo: ended?.to.map { .dateTime($0) }
        case .state: states.map { .states($0) }
        case .type: RunFilterValue(types.included)
        case .notType: RunFilterValue(types.excluded)
        case .configuration: RunFilterValue(configurations.included)
        case .notConfiguration: RunFilterValue(configurations.excluded)
        case .principal: RunFilterValue(principals.included)
        case .notPrincipal: RunFilterValue(principals.excluded)
        case .attribution: attributions.map { .texts($0.map(\.rawValue).sorted()) }
        case .errorType: RunFilterValue(errorTypes.included)
        case .notErrorType: RunFilterValue(errorTypes.excluded)
        case .text: RunFilterValue(words.included)
        case .notText: RunFilterValue(words.excluded)
        case .label: RunFilterValue(labels.included)
        case .notLabel: RunFilterValue(labels.excluded)
        case .runMode: runMode.map { .texts([$0.rawValue]) }
        case .schedule: schedule.map { .texts([$0]) }
        case .rerunOf: rerunOf.map { .texts([$0.rawValue]) }
        case .runtimeFrom: runtime?.from.map { .duration($0) }
        case .runtimeTo: runtime?.to.map { .duration($0) }
        case .attemptsFrom: attemptsFrom.map { .count($0) }
        case .hasWarnings: hasWarnings.map { .flag($0) }
        }
    }

    /// Adds one value of the field to the filter.
    /// - Throws: ``RunFilterError/value(_:text:)``
    public mutating func add(_ text: String, to field: RunFilterField) throws(RunFilterError) {
        switch field {
        case .createdFrom: created = TimeWindow(from: try field.dateTime(text), to: created?.to)
        case .createdTo: created = TimeWindow(from: created?.from, to: try field.dateTime(text))
        case .endedFrom: ended = TimeWindow(from: try field.dateTime(text), to: ended?.to)
        case .endedTo: ended = TimeWindow(from: ended?.from, to: try field.dateTime(text))
        case .state: states = try field.states(text).union(states ?? [])
        case .type: types.included = try field.text(text, addedTo: types.included)
        case .notType: types.excluded = try field.text(text, addedTo: types.excluded)
        case .configuration: configurations.included = try field.text(text, addedTo: configurations.included)
        case .notConfiguration: configurations.excluded = try field.text(text, addedTo: configurations.excluded)
        case .principal: principals.included = try field.text(text, addedTo: principals.included)
        case .notPrincipal: principals.excluded = try field.text(text, addedTo: principals.excluded)
        case .attribution: attributions = try field.choice(text, of: Attribution.self, addedTo: attributions)
        case .errorType: errorTypes.included = try field.text(text, addedTo: errorTypes.included)
        case .notErrorType: errorTypes.excluded = try field.text(text, addedTo: errorTypes.excluded)
        case .text: words.include(try field.word(text))
        case .notText: words.exclude(try field.word(text))
        case .label: labels.included.insert(try field.label(text))
        case .notLabel: labels.excluded.insert(try field.label(text))
        case .runMode: runMode = try field.choice(text, of: RunMode.self, addedTo: nil).first
        case .schedule: schedule = try field.wholeText(text)
        case .rerunOf: rerunOf = RunID(rawValue: try field.wholeText(text))
        case .runtimeFrom: runtime = DurationWindow(from: try field.duration(text), to: runtime?.to)
        case .runtimeTo: runtime = DurationWindow(from: runtime?.from, to: try field.duration(text))
        case .attemptsFrom: attemptsFrom = try field.count(text)
        case .hasWarnings: hasWarnings = try field.flag(text)
        }
    }
}

// MARK: Reading single values

extension RunFilterField {
    fileprivate func dateTime(_ text: String) throws(RunFilterError) -> Timestamp {
        guard let instant = Timestamp(iso8601: text) else { throw .value(self, text: text) }
        return instant
    }

    fileprivate func states(_ text: String) throws(RunFilterError) -> Set<RunState> {
        guard let states = RunStates.named(text) else { throw .value(self, text: text) }
        return states
    }

    /// The contract allows any string as a type, and a text that no run has finds no run.
    fileprivate func wholeText(_ text: String) throws(RunFilterError) -> String {
        let isAcceptable = self == .type || !text.utf8.contains(0) && (self == .notType || !text.isEmpty)
        guard isAcceptable, text.utf8.count <= Self.valueBytes else { throw .value(self, text: text) }
        return text
    }

    fileprivate func text(_ text: String, addedTo texts: Set<ExactText>?) throws(RunFilterError) -> Set<ExactText> {
        (texts ?? []).union([ExactText(try wholeText(text))])
    }

    fileprivate func choice<Value: RawRepresentable<String> & Hashable>(
        _ text: String, of type: Value.Type, addedTo values: Set<Value>?
    ) throws(RunFilterError) -> Set<Value> {
        guard let value = Value(rawValue: text) else { throw .value(self, text: text) }
        return (values ?? []).union([value])
    }

    fileprivate func word(_ text: String) throws(RunFilterError) -> SearchWord {
        guard let word = SearchWord(text) else { throw .value(self, text: text) }
        return word
    }

    fileprivate func label(_ text: String) throws(RunFilterError) -> RunLabel {
        guard let label = RunLabel(text) else { throw .value(self, text: text) }
        return label
    }

    fileprivate func duration(_ text: String) throws(RunFilterError) -> Duration {
        guard let duration = Duration(filterText: text) else { throw .value(self, text: text) }
        return duration
    }

    fileprivate func count(_ text: String) throws(RunFilterError) -> Int {
        let isDigits = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isDigits, let count = Int(text), Self.attempts.contains(count) else { throw .value(self, text: text) }
        return count
    }

    fileprivate func flag(_ text: String) throws(RunFilterError) -> Bool {
        guard let flag = Bool(text) else { throw .value(self, text: text) }
        return flag
    }
}

extension RunFilterField.Kind {
    /// The problem of a text that is not of this kind and the accepted values, as the end of a sentence.
    public var refusal: String {
        switch self {
        case .dateTime: "is not a date-time; accepted is \(accepted)"
        case .state: "names no state; accepted are \(accepted)"
        case .text: "is not accepted; accepted is \(accepted)"
        case .words: "cannot be searched for; accepted is \(accepted)"
        case .attribution: "is no attribution; accepted are \(accepted)"
        case .label: "is not a label; accepted is \(accepted)"
        case .runMode: "is no run mode; accepted are \(accepted)"
        case .duration: "is not a duration; accepted is \(accepted)"
        case .count: "is not such a number; accepted is \(accepted)"
        case .flag: "is neither; accepted are \(accepted)"
        }
    }

    /// The same where times may be typed, as ``TypedTime`` has them.
    public var typedRefusal: String {
        self == .dateTime ? "is not a time; accepted are \(TypedTime.acceptedForms)" : refusal
    }

    /// The names among the values: those of fixed ones.
    var names: [String] {
        switch self {
        case .state: WorkflowState.allCases.filter { !$0.runStates.isEmpty }.map(\.rawValue)
        case .attribution: Attribution.allCases.map(\.rawValue)
        case .runMode: RunMode.allCases.map(\.rawValue)
        case .flag: [String(true), String(false)]
        case .dateTime, .text, .words, .label, .duration, .count: []
        }
    }

    /// The name that was probably meant by a text that is not a value; nil when none is close.
    public func nearest(to text: String) -> String? {
        suggestion(for: text, among: names)
    }

    /// The accepted values, for messages.
    public var accepted: String {
        switch self {
        case .dateTime: Timestamp.acceptedForms
        case .state: RunStates.accepted
        case .text: "a text of 1 to \(RunFilterField.valueBytes) bytes without NUL"
        case .words: RunWords.accepted
        case .attribution: Self.words(Attribution.allCases)
        case .label: "key:value with a key of \(RunLabel.acceptedKeys), and a value of \(RunLabel.acceptedValues)"
        case .runMode: Self.words(RunMode.allCases)
        case .duration: Duration.acceptedFilterForms
        case .count: "an integer from \(RunFilterField.attempts.lowerBound) to \(RunFilterField.attempts.upperBound)"
        case .flag: "true, false"
        }
    }

    private static func words(_ values: [some RawRepresentable<String>]) -> String {
        values.map(\.rawValue).joined(separator: ", ")
    }
}
