import Mustache
import WorkflowModel

/// An instant as pages show it: in UTC as they are sent; a script turns it into the viewer's zone and leaves UTC to be read on hover.
struct TimeText: Hashable, Sendable, MustacheParent {
    var iso: String
    var utc: String
    /// Whether a day is meant, which is one of UTC wherever the viewer is.
    var isDay: Bool

    init(_ instant: Timestamp, isDay: Bool = false) {
        iso = instant.iso8601
        self.isDay = isDay
        let text = iso.utf8
        func part(_ from: Int, _ to: Int) -> String {
            String(decoding: Array(text)[from..<to], as: UTF8.self)
        }
        let month = Int(part(5, 7)).flatMap { Self.months.indices.contains($0 - 1) ? Self.months[$0 - 1] : nil } ?? part(5, 7)
        let day = part(8, 10).drop { $0 == "0" }
        utc = isDay ? "\(day) \(month) \(part(0, 4))" : "\(day) \(month) \(part(0, 4)), \(part(11, 19)) UTC"
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    func child(named name: String) -> Any? {
        switch name {
        case "iso": iso
        case "utc": utc
        case "isDay": isDay
        default: nil
        }
    }
}

/// How long something took, or has taken so far.
struct RuntimeText: Hashable, Sendable, MustacheParent {
    var text: String
    /// When it began, while it goes on: a script counts on from there.
    var since: String?

    init(from start: Timestamp, to end: Timestamp?, at now: Timestamp) {
        text = Self.text((end ?? max(now, start)) - start)
        since = end == nil ? start.iso8601 : nil
    }

    func child(named name: String) -> Any? {
        switch name {
        case "text": text
        case "since": since
        default: nil
        }
    }

    /// The two greatest units, and fractions of seconds only below ten.
    static func text(_ duration: Duration) -> String {
        let milliseconds = max(0, duration.milliseconds)
        let seconds = milliseconds / 1_000
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        switch seconds {
        case 0: return "\(milliseconds) ms"
        case ..<10: return "\(seconds).\(milliseconds % 1_000 / 100) s"
        case ..<60: return "\(seconds) s"
        case ..<3_600: return "\(seconds / 60) m \(two(seconds % 60)) s"
        case ..<86_400: return "\(seconds / 3_600) h \(two(seconds / 60 % 60)) m"
        default: return "\(seconds / 86_400) d \(two(seconds / 3_600 % 24)) h"
        }
    }
}
