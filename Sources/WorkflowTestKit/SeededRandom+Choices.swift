import WorkflowModel

extension SeededRandom {
    /// A number of the range.
    public func number(in range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    /// True that often: 0.25 is every fourth time.
    public func chance(_ probability: Double) -> Bool {
        fraction() < probability
    }

    /// One of the list; nil when it is empty.
    public func element<Element>(of list: [Element]) -> Element? {
        list.isEmpty ? nil : list[number(in: 0...list.count - 1)]
    }
}
