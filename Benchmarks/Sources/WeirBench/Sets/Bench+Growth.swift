extension Bench {
    /// The cost of pages and totals in the store, with every combination of filters, from the smallest history to the largest.
    func growth() async throws -> SetReport {
        var report = SetReport(
            "growth",
            "pages of \(StoreProbe.limit) and totals in the store, every combination of filters, "
                + "\(sizes.map(Figure.count).joined(separator: ", ")) runs")
        var (smallest, last): ([ProbeSample], [ProbeSample]) = ([], [])
        for size in sizes {
            Progress.note("probing \(Figure.count(size)) runs")
            last = try await StoreProbe.samples(try await history(.easy, runs: size))
            let all = last.first { $0.filter.name == "no filter" && $0.place == .first }
            guard all?.total == size else { throw BenchFailure("The total of all \(size) runs was \(all?.total ?? 0).") }
            if smallest.isEmpty { smallest = last }
            report.addSeries(of: last, size: size)
        }
        report.foundBounds(of: last)
        report.worst += ProbeSample.worst(last)
        report.foundGrowth(from: smallest, to: last, sizes: sizes)
        return report
    }

    /// The same bounds with the hard history.
    func hard() async throws -> SetReport {
        var report = SetReport("hard", "pages and totals in the store with hard history of \(Figure.count(largest)) runs")
        let samples = try await StoreProbe.samples(try await history(.hard, runs: largest))
        report.foundBounds(of: samples)
        report.worst = ProbeSample.worst(samples)
        return report
    }
}
