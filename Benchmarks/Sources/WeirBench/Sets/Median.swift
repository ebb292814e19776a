extension Collection<Double> {
    /// The one in the middle, or between the two there; 0 of none.
    var median: Double {
        let sorted = sorted()
        guard let last = sorted.indices.last else { return 0 }
        return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
    }
}
