import Mustache
import WorkflowModel

/// An instant as pages show it. Pages are sent in UTC and say so. A script converts every instant and the name of the zone to the
/// viewer's zone. All times on a page use this type, so that a page never mixes zones.
struct TimeText: Hashable, Sendable, MustacheParent {
    var iso: String
    var utc: String

    init(_ instant: Timestamp) {
        iso = instant.iso8601
        let text = iso.utf8
        func part(_ from: Int, _ to: Int) -> String {
            String(decoding: Array(text)[from..<to], as: UTF8.self)
        }
        let month = Int(part(5, 7)).flatMap { Self.months.indices.contains($0 - 1) ? Self.months[$0 - 1] : nil } ?? part(5, 7)
        let day = part(8, 10).drop { $0 == "0" }
        utc = "\(day) \(month) \(part(0, 4)), \(part(11, 19)) UTC"
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    func child(named name: String) -> Any? {
        switch name {
        case "iso": iso
        case "utc": utc
        default: nil
        }
    }
}

/// A duration, final or so far.
struct RuntimeText: Hashable, Sendable, MustacheParent {
    var text: String
    /// The start of a duration that has not ended: a script counts from there.
    var since: String?

    /// - Parameter now: the end of a duration that has not ended; nil where a script counts, so that the text does not change.
    init(from start: Timestamp, to end: Timestamp?, at now: Timestamp?) {
        text = (end ?? now).map { Self.text(max($0, start) - start) } ?? "…"
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
