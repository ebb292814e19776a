import WorkflowModel

/// A parameter that a form keeps in a hidden field.
struct KeptField: Hashable, Sendable {
    var name: String
    var value: String
}

/// The part of the filter panel that is typed: exact dates, duration, attempts, warnings, labels, run mode, schedule.
struct MoreFilters: Sendable {
    /// The fields that the form has. The conditions on others stay in hidden fields, labels too: the form adds one.
    private static let fields: Set<RunFilterField> = [
        .createdFrom, .createdTo, .endedFrom, .endedTo, .runtimeFrom, .runtimeTo, .attemptsFrom, .hasWarnings, .runMode, .schedule,
    ]

    var windows: [WindowFields]
    var runtimeFrom: String
    var runtimeTo: String
    var attemptsFrom: String
    var warnings: [Option]
    var schedule: String
    var runModes: [Option]
    var kept: [KeptField]
    var isOpen: Bool

    init(_ address: HistoryAddress, windows: [WindowFields]) {
        self.windows = windows
        let filter = address.filter
        runtimeFrom = filter.runtime?.from?.configurationText ?? ""
        runtimeTo = filter.runtime?.to?.configurationText ?? ""
        attemptsFrom = filter.attemptsFrom.map { String($0) } ?? ""
        warnings = [nil, true, false].map { (value: Bool?) in
            Option(
                value: value.map { String($0) } ?? "", label: value.map { $0 ? "With warnings" : "Without warnings" } ?? "Any",
                isChosen: filter.hasWarnings == value)
        }
        schedule = filter.schedule ?? ""
        runModes = [Option(value: "", label: "Any", isChosen: filter.runMode == nil)]
        runModes += RunMode.allCases.map { Option(value: $0.rawValue, label: $0.label, isChosen: filter.runMode == $0) }
        let names = Set(Self.fields.map { ExactText($0.name) })
        let isShown = { (name: String) in
            // A time that moves with the clock does not fit into a field of dates. It stays unless exact dates are given.
            names.contains(name) && RunFilterField(rawValue: name).flatMap { address.typed[$0] } == nil
        }
        kept = address.at(.newest).pairs.compactMap { name, value in
            value.flatMap { isShown(name) ? nil : KeptField(name: name, value: $0) }
        }
        isOpen =
            windows.contains(where: \.hasDates) || filter.runtime != nil || filter.attemptsFrom != nil || filter.schedule != nil
            || filter.runMode != nil || filter.hasWarnings != nil
    }
}

/// A condition that no list of values shows. Its link removes it.
struct FilterChip: Sendable {
    var label: String
    var href: String

    /// The conditions on words, labels and other fields, and those that exclude values.
    static func all(of address: HistoryAddress, at now: Timestamp) -> [FilterChip] {
        address.filter.texts.compactMap { field, text in
            guard field.isShownAsChip else { return nil }
            let term = try? RunSearch(fields: { $0 == field ? [text] : [] }, at: now)
            return FilterChip(
                label: (term?.text ?? "\(field.name):\(text)").visible(), href: address.without(text, of: field).href)
        }
    }
}

extension RunFilterField {
    /// The fields of windows, and those of the panel's lists of values, show their conditions themselves.
    fileprivate var isShownAsChip: Bool {
        switch self {
        case .createdFrom, .createdTo, .endedFrom, .endedTo: false
        case .state, .type, .configuration, .principal, .attribution, .errorType: false
        case .text, .label, .runMode, .schedule, .rerunOf, .runtimeFrom, .runtimeTo, .attemptsFrom, .hasWarnings: true
        case .notType, .notConfiguration, .notPrincipal, .notErrorType, .notText, .notLabel: true
        }
    }
}
