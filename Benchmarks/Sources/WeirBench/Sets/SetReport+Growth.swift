extension SetReport {
    /// The bounds of a page and of a total, in milliseconds.
    private static let longestPage = 2.0
    private static let longestTotal = 2.0
    private static let longestTotalOfTwoWindows = 10.0
    private static let growth = 1.3

    /// The slowest page and the slowest totals.
    mutating func foundBounds(of samples: [ProbeSample]) {
        let simple = samples.filter { $0.filter.windows < 2 }.map(\.costOfTotal)
        let both = samples.filter { $0.filter.windows == 2 }.map(\.costOfTotal)
        foundLongest("the slowest page", samples.map(\.page), Self.longestPage)
        foundLongest("the dearest total, one window or none", simple, Self.longestTotal)
        foundLongest("the dearest total, both windows", both, Self.longestTotalOfTwoWindows)
    }

    private mutating func foundLongest(_ what: String, _ values: [Double], _ bound: Double) {
        found(
            what, values.max() ?? 0, "ms", .atMost(bound),
            note: "\(values.count { $0 > bound }) of \(values.count) combinations above; median \(Figure.text(values.median)) ms")
    }

    /// The cost of the same pages with the largest history, relative to the smallest.
    mutating func foundGrowth(from smallest: [ProbeSample], to largest: [ProbeSample], sizes: [Int], withTotals: Bool = false) {
        guard sizes.count > 1, let least = sizes.first, let most = sizes.last else { return }
        let before = Dictionary(uniqueKeysWithValues: smallest.map { ($0.name, $0) })
        // Comparable pages only: a page with more runs may cost more.
        let pairs = largest.compactMap { sample in
            before[sample.name].flatMap { $0.rows == sample.rows && $0.page > 0 ? ($0, sample) : nil }
        }
        let sizes = "from \(Figure.count(least)) to \(Figure.count(most)) runs"
        let pages = pairs.map { $0.1.page / $0.0.page }
        found("growth of a page's median \(sizes), over all combinations", pages.median, "×", .atMost(Self.growth))
        found(
            "growth, the worst combination", pages.max() ?? 0, "×", .atMost(Self.growth),
            note: "\(pages.count { $0 > Self.growth }) of \(pages.count) combinations that have as many runs on the page are above")
        worst += pairs.sorted { $0.1.page / $0.0.page > $1.1.page / $1.0.page }.prefix(5).map { before, now in
            let costs = "\(Figure.text(before.page)) → \(Figure.text(now.page)) ms"
            return "growth: \(Figure.text(now.page / before.page))×, \(costs), \(now.name), \(now.rows) runs on it"
        }
        guard withTotals else { return }
        let totals = pairs.map { $0.1.pageWithTotal / $0.0.pageWithTotal }
        found(
            "growth of a page with its total, median \(sizes), over all combinations", totals.median, "×",
            .atMost(Self.growth),
            note: "\(totals.count { $0 > Self.growth }) of \(totals.count) above; the worst \(Figure.text(totals.max() ?? 0))×")
    }

    /// A point of each curve.
    /// - Parameter plots: the prefix of the plots' names.
    mutating func addSeries(of samples: [ProbeSample], size: Int, plots: String = "") {
        for place in ProbeSample.Place.allCases {
            add(plots + "page", place.rawValue, of: samples.filter { $0.place == place }.map(\.page), size)
        }
        add(plots + "page", "slowest combination", of: samples.map(\.page).max().map { [$0] } ?? [], size)
        for (windows, name) in ["no window", "one window", "both windows"].enumerated() {
            let costs = samples.filter { $0.filter.windows == windows }.map(\.pageWithTotal)
            add(plots + "total", "page with total, \(name)", of: costs, size)
        }
        add(plots + "total", "slowest combination", of: samples.map(\.pageWithTotal).max().map { [$0] } ?? [], size)
    }

    private mutating func add(_ plot: String, _ name: String, of costs: [Double], _ size: Int) {
        guard !costs.isEmpty else { return }
        let point = Series.Point(runs: size, cost: costs.median)
        if let index = series.firstIndex(where: { $0.plot == plot && $0.name == name }) {
            series[index].points.append(point)
        } else {
            series.append(Series(plot: plot, name: name, unit: "milliseconds", points: [point]))
        }
    }
}

extension ProbeSample {
    /// Descriptions of the slowest pages and totals.
    static func worst(_ samples: [ProbeSample]) -> [String] {
        let pages = samples.sorted { $0.page > $1.page }.prefix(5).map {
            "page: \(Figure.text($0.page)) ms, \($0.name), \($0.rows) runs on it"
        }
        let totals = samples.sorted { $0.costOfTotal > $1.costOfTotal }.prefix(5).map {
            "total: \(Figure.text($0.costOfTotal)) ms, \($0.name), \(Figure.count($0.total)) runs counted"
        }
        return Array(pages) + Array(totals)
    }
}
