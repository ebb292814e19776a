import WorkflowModel

/// A month in UTC, with partitions for the runs that were created in it.
///
/// Years outside of the plausible range share one partition before and one after, so that an import of nonsense does not
/// create a hundred thousand tables.
struct PartitionMonth: Hashable, Comparable, Sendable {
    private static let years = 2000...2099

    /// Months since the year 0. The month before the first year stands for all before it, the one after the last for all
    /// after.
    private var number: Int

    private init(clamping number: Int) {
        self.number = min(max(number, Self.years.lowerBound * 12 - 1), (Self.years.upperBound + 1) * 12)
    }

    init(of instant: Timestamp) {
        let (date, _) = instant.civil
        self.init(clamping: date.year * 12 + date.month - 1)
    }

    /// The month that an id names: `wf-YYYYMMDD-…`; nil when it names none.
    init?(of id: RunID) {
        let bytes = id.rawValue.utf8
        guard bytes.starts(with: "wf-".utf8), bytes.dropFirst(11).first == UInt8(ascii: "-") else { return nil }
        var digits = 0
        for byte in bytes.dropFirst(3).prefix(8) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            digits = digits * 10 + Int(byte - UInt8(ascii: "0"))
        }
        let date = CalendarDate(year: digits / 10_000, month: digits / 100 % 100, day: digits % 100)
        guard date.isValid else { return nil }
        self.init(clamping: date.year * 12 + date.month - 1)
    }

    /// The month of a table's name suffix; nil for another suffix.
    init?(suffix: some StringProtocol) {
        let parts = suffix.split(separator: "_")
        guard parts.count == 2, let second = Int(parts[1]) else { return nil }
        if let year = Int(parts[0]), (1...12).contains(second) {
            self.init(clamping: year * 12 + second - 1)
        } else {
            self.init(clamping: parts[0] == "before" ? 0 : .max)
        }
        guard self.suffix == suffix else { return nil }
    }

    func advanced(by months: Int) -> PartitionMonth {
        PartitionMonth(clamping: number + months)
    }

    /// The first instant in it.
    var begin: Timestamp {
        isBeforeAll ? .earliest : Self.begin(ofMonth: number)
    }

    /// The first instant after it.
    var end: Timestamp {
        isAfterAll ? Timestamp.latest + .milliseconds(1) : Self.begin(ofMonth: number + 1)
    }

    private var isBeforeAll: Bool { number < Self.years.lowerBound * 12 }
    private var isAfterAll: Bool { number > Self.years.upperBound * 12 + 11 }

    private static func begin(ofMonth number: Int) -> Timestamp {
        let days = CalendarDate(year: number / 12, month: number % 12 + 1, day: 1).daysSince1970
        return Timestamp(milliseconds: Int64(days) * 86_400_000)
    }

    static func < (left: PartitionMonth, right: PartitionMonth) -> Bool { left.number < right.number }

    /// The suffix of its tables' names.
    var suffix: String {
        if isBeforeAll { return "before_\(Self.years.lowerBound)" }
        if isAfterAll { return "after_\(Self.years.upperBound)" }
        let month = number % 12 + 1
        return "\(number / 12)_\(month < 10 ? "0" : "")\(month)"
    }
}
