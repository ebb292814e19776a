import Dispatch
import Histogram

/// Collects durations in an HDR histogram of nanoseconds with three significant digits.
struct Recording: Sendable {
    private var histogram = Histogram<UInt64>(highestTrackableValue: 600_000_000_000, numberOfSignificantValueDigits: .three)

    var count: Int { Int(histogram.totalCount) }

    mutating func record(nanoseconds: UInt64) {
        _ = histogram.record(Swift.max(1, nanoseconds))
    }

    func summary(_ name: String) -> Latencies {
        func microseconds(_ percentile: Double) -> Double {
            count == 0 ? 0 : Double(histogram.valueAtPercentile(percentile)) / 1_000
        }
        return Latencies(
            name: name, count: count, median: microseconds(50), p90: microseconds(90), p99: microseconds(99),
            p999: microseconds(99.9), max: count == 0 ? 0 : Double(histogram.max) / 1_000)
    }
}

/// Elapsed time by the machine's monotonic clock.
enum Stopwatch {
    static var nanoseconds: UInt64 { DispatchTime.now().uptimeNanoseconds }

    static func seconds(since start: UInt64) -> Double {
        Double(nanoseconds - start) / 1_000_000_000
    }
}
