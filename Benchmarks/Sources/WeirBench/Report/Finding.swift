/// One figure of the report.
struct Finding: Codable, Sendable {
    var what: String
    var value: Double
    /// `×` for ratios, else what it counts.
    var unit: String
    var target: Target?
    /// What limits the figure, or how it came about.
    var note: String?

    var isRatio: Bool { unit == "×" }

    /// nil where there is nothing to reach.
    var isMet: Bool? { target.map { $0.isMet(by: value) } }
}

/// What a figure has to reach.
struct Target: Codable, Sendable {
    var bound: Double
    var isCeiling: Bool

    static func atLeast(_ bound: Double) -> Target { Target(bound: bound, isCeiling: false) }
    static func atMost(_ bound: Double) -> Target { Target(bound: bound, isCeiling: true) }

    func isMet(by value: Double) -> Bool { isCeiling ? value <= bound : value >= bound }
}

/// What one set of measurements found.
struct SetReport: Codable, Sendable {
    var name: String
    var title: String
    var findings: [Finding] = []
    var latencies: [Latencies] = []
    var series: [Series] = []
    /// The slowest of many cases, worst first, in words.
    var worst: [String] = []
    /// What could not be measured, and why.
    var missing: [String] = []

    init(_ name: String, _ title: String) {
        self.name = name
        self.title = title
    }

    mutating func found(_ what: String, _ value: Double, _ unit: String, _ target: Target? = nil, note: String? = nil) {
        findings.append(Finding(what: what, value: value, unit: unit, target: target, note: note))
    }
}

/// How a cost goes with the size of the history.
struct Series: Codable, Sendable {
    struct Point: Codable, Sendable {
        var runs: Int
        var cost: Double
    }

    /// The plot that it belongs to, which is the name of its file.
    var plot: String
    var name: String
    var unit: String
    var points: [Point]
}
