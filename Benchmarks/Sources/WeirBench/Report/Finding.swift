/// One figure of the report.
struct Finding: Codable, Sendable {
    var what: String
    var value: Double
    /// `×` for ratios, otherwise the counted unit.
    var unit: String
    var target: Target?
    /// The bottleneck behind the figure, or its conditions.
    var note: String?

    var isRatio: Bool { unit == "×" }

    /// nil without a target.
    var isMet: Bool? { target.map { $0.isMet(by: value) } }
}

/// The target of a figure.
struct Target: Codable, Sendable {
    var bound: Double
    var isCeiling: Bool

    static func atLeast(_ bound: Double) -> Target { Target(bound: bound, isCeiling: false) }
    static func atMost(_ bound: Double) -> Target { Target(bound: bound, isCeiling: true) }

    func isMet(by value: Double) -> Bool { isCeiling ? value <= bound : value >= bound }
}

/// The results of one set of measurements.
struct SetReport: Codable, Sendable {
    var name: String
    var title: String
    var findings: [Finding] = []
    var latencies: [Latencies] = []
    var series: [Series] = []
    /// The slowest of many cases, worst first, in words.
    var worst: [String] = []
    /// Failed measurements, with reasons.
    var missing: [String] = []

    init(_ name: String, _ title: String) {
        self.name = name
        self.title = title
    }

    mutating func found(_ what: String, _ value: Double, _ unit: String, _ target: Target? = nil, note: String? = nil) {
        findings.append(Finding(what: what, value: value, unit: unit, target: target, note: note))
    }
}

/// A cost by the size of the history.
struct Series: Codable, Sendable {
    struct Point: Codable, Sendable {
        var runs: Int
        var cost: Double
    }

    /// The name of its plot, which is also the name of the file.
    var plot: String
    var name: String
    var unit: String
    var points: [Point]
}
