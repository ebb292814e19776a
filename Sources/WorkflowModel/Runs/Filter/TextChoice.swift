/// A condition on a text: any of some values, and none of others. Compared by bytes.
public struct TextChoice: Hashable, Sendable {
    /// Any of these; nil for all values and for none.
    public var included: Set<ExactText>?
    /// A run without a value has none of these.
    public var excluded: Set<ExactText> = []

    /// No condition.
    public init() {}

    /// - Parameter value: the only one; nil for no condition.
    public init(_ value: String?) {
        included = value.map { [ExactText($0)] }
    }

    public init(included: Set<ExactText>?, excluded: Set<ExactText> = []) {
        self.included = included
        self.excluded = excluded
    }

    public var isEmpty: Bool { included == nil && excluded.isEmpty }

    /// The value, when the condition is that single value and nothing else.
    public var single: String? {
        excluded.isEmpty && included?.count == 1 ? included?.first?.text : nil
    }

    public func matches(_ text: String?) -> Bool {
        guard let text else { return included == nil }
        if let included, !included.contains(text) { return false }
        return excluded.isEmpty || !excluded.contains(text)
    }
}

extension Set<ExactText> {
    /// In the order of their bytes.
    public var sortedTexts: [String] { sorted().map(\.text) }
}
