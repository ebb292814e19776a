extension Bench {
    /// The bounds of a page and of a total, in milliseconds.
    static let longestPage = 2.0
    static let longestTotal = 2.0
    static let longestTotalOfTwoWindows = 10.0
    static let growth = 1.3

    /// What pages and totals cost the store with every combination of filters, from the smallest history to the largest.
    func growth() async throws -> SetReport {
        var report = SetReport(
            "growth",
            "pages of \(StoreProbe.limit) and totals in the store, every combination of filters, "
                + "\(sizes.map(Figure.count).joined(separator: ", ")) runs")
        var smallest: [String: ProbeSample] = [:]
        var last: [ProbeSample] = []
        for size in sizes {
            Progress.note("probing \(Figure.count(size)) runs")
            last = try await StoreProbe.samples(try await history(.easy, runs: size))
            let all = last.first { $0.filter.name == "no filter" && $0.place == .first }
            guard all?.total == size else { throw BenchFailure("The total of all \(size) runs was \(all?.total ?? 0).") }
            if smallest.isEmpty { smallest = Dictionary(uniqueKeysWithValues: last.map { ($0.name, $0) }) }
            add(last, size: size, to: &report.series)
        }
        bounds(last, in: &report)
        // Like with like: a page that holds more runs may cost more.
        let grown = last.compactMap { sample -> (ProbeSample, Double)? in
            guard let before = smallest[sample.name], before.rows == sample.rows, before.page > 0 else { return nil }
            return (sample, sample.page / before.page)
        }
        if sizes.count > 1 {
            report.found(
                "growth of a page's median from \(Figure.count(sizes[0])) to \(Figure.count(largest)) runs, over all combinations",
                median(grown.map(\.1)), "×", .atMost(Self.growth))
            report.found(
                "growth, the worst combination", grown.map(\.1).max() ?? 0, "×", .atMost(Self.growth),
                note:
                    "\(grown.count { $0.1 > Self.growth }) of \(grown.count) combinations that have as many runs on the page are above"
            )
        }
        report.worst = Self.worst(last)
        return report
    }

    /// The same bounds with history that is hard.
    func hard() async throws -> SetReport {
        var report = SetReport("hard", "pages and totals in the store with hard history of \(Figure.count(largest)) runs")
        let samples = try await StoreProbe.samples(try await history(.hard, runs: largest))
        bounds(samples, in: &report)
        report.worst = Self.worst(samples)
        return report
    }

    private func bounds(_ samples: [ProbeSample], in report: inout SetReport) {
        let pages = samples.map(\.page)
        let simple = samples.filter { $0.filter.windows < 2 }.map(\.costOfTotal)
        let both = samples.filter { $0.filter.windows == 2 }.map(\.costOfTotal)
        func found(_ what: String, _ values: [Double], _ bound: Double) {
            report.found(
                what, values.max() ?? 0, "ms", .atMost(bound),
                note:
                    "\(values.count { $0 > bound }) of \(values.count) combinations above; median \(Figure.text(median(values))) ms"
            )
        }
        found("the slowest page", pages, Self.longestPage)
        found("the dearest total, one window or none", simple, Self.longestTotal)
        found("the dearest total, both windows", both, Self.longestTotalOfTwoWindows)
    }

    private func add(_ samples: [ProbeSample], size: Int, to series: inout [Series]) {
        func point(_ plot: String, _ name: String, _ values: [Double]) {
            guard !values.isEmpty else { return }
            let point = Series.Point(runs: size, cost: name.hasPrefix("slowest") ? values.max() ?? 0 : median(values))
            if let index = series.firstIndex(where: { $0.plot == plot && $0.name == name }) {
                series[index].points.append(point)
            } else {
                series.append(Series(plot: plot, name: name, unit: "milliseconds", points: [point]))
            }
        }
        for place in ProbeSample.Place.allCases {
            point("page", place.rawValue, samples.filter { $0.place == place }.map(\.page))
        }
        point("page", "slowest combination", samples.map(\.page))
        for (windows, name) in ["no window", "one window", "both windows"].enumerated() {
            point("total", "page with total, \(name)", samples.filter { $0.filter.windows == windows }.map(\.pageWithTotal))
        }
        point("total", "slowest combination", samples.map(\.pageWithTotal))
    }

    private static func worst(_ samples: [ProbeSample]) -> [String] {
        let pages = samples.sorted { $0.page > $1.page }.prefix(5).map {
            "page: \(Figure.text($0.page)) ms, \($0.name), \($0.rows) runs on it"
        }
        let totals = samples.sorted { $0.costOfTotal > $1.costOfTotal }.prefix(5).map {
            "total: \(Figure.text($0.costOfTotal)) ms, \($0.name), \(Figure.count($0.total)) runs counted"
        }
        return Array(pages) + Array(totals)
    }
}
