extension Collection<Double> {
    /// The middle value, or the mean of the two middle ones; 0 without values.
    var median: Double {
        let sorted = sorted()
        guard let last = sorted.indices.last else { return 0 }
        return (sorted[last / 2] + sorted[(last + 1) / 2]) / 2
    }
}
