import WorkflowModel

extension SeededRandom {
    /// A random number in the range.
    public func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// True with this probability.
    public func chance(_ probability: Double) -> Bool {
        fraction() < probability
    }

    /// A random element; nil when the list is empty.
    public func element<Element>(of list: [Element]) -> Element? {
        list.isEmpty ? nil : list[number(in: 0...list.count - 1)]
    }
}
