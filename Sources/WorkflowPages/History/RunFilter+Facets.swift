import WorkflowModel

extension RunFacet {
    /// The field of the filter with the values of this dimension.
    var field: RunFilterField {
        switch self {
        case .state: .state
        case .type: .type
        case .configuration: .configuration
        case .attribution: .attribution
        case .errorType: .errorType
        case .principal: .principal
        }
    }
}

extension RunFilter {
    /// The values of a dimension that the filter includes and excludes.
    func choice(of facet: RunFacet) -> TextChoice {
        switch facet {
        case .state: TextChoice(included: states.map { Set($0.map { ExactText($0.rawValue) }) })
        case .type: types
        case .configuration: configurations
        case .attribution: TextChoice(included: attributions.map { Set($0.map { ExactText($0.rawValue) }) })
        case .errorType: errorTypes
        case .principal: principals
        }
    }

    /// The same filter with another choice of a dimension. States and attributions cannot be excluded.
    func with(_ choice: TextChoice, of facet: RunFacet) -> RunFilter {
        var other = self
        switch facet {
        case .state: other.states = choice.included.map { Set($0.compactMap { RunState(rawValue: $0.text) }) }
        case .type: other.types = choice
        case .configuration: other.configurations = choice
        case .attribution: other.attributions = choice.included.map { Set($0.compactMap { Attribution(rawValue: $0.text) }) }
        case .errorType: other.errorTypes = choice
        case .principal: other.principals = choice
        }
        return other
    }

    /// The runs of the filter that have a fault: failed ones, unless it names states. A stopped run has an
    /// attribution on the wire, but stopping it was no fault.
    /// - Returns: nil when the filter is of stopped runs only.
    var ofFaults: RunFilter? {
        var other = self
        other.states = (states ?? [.failed]).subtracting([.canceled])
        return other.states == [] ? nil : other
    }

    func without(_ facet: RunFacet) -> RunFilter {
        with(TextChoice(), of: facet)
    }

    /// The filter with this value of the dimension only.
    func with(only value: String, of facet: RunFacet) -> RunFilter {
        with(TextChoice(value), of: facet)
    }

    /// Adds a value to those that the filter includes, or removes it. A fault that is added excludes stopped runs.
    /// - Returns: nil when the filter has as many values as it accepts.
    func toggling(_ value: String, of facet: RunFacet) -> RunFilter? {
        var choice = choice(of: facet)
        var included = choice.included ?? []
        if included.remove(ExactText(value)) == nil { included.insert(value) }
        guard included.count <= facet.field.mostValues else { return nil }
        choice.included = included.isEmpty ? nil : included
        choice.excluded.remove(ExactText(value))
        let narrowed = facet == .attribution && choice.included != nil ? ofFaults : self
        return narrowed?.with(choice, of: facet)
    }
}
