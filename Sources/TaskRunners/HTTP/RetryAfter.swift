import WorkflowModel

/// The value of the header `Retry-After` (RFC 9110, section 10.2.3): seconds or a date.
enum RetryAfter {
    /// - Returns: at most ``HTTPLimits/longestRetryAfter``; zero for a date that has passed; nil for a value that is neither.
    static func delay(_ value: String, at now: Timestamp) -> Duration? {
        let text = value.trimmingSpaces
        if !text.isEmpty, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            // More digits than a number has are longer than the limit, too.
            return min(Int64(text).map { .seconds($0) } ?? HTTPLimits.longestRetryAfter, HTTPLimits.longestRetryAfter)
        }
        return HTTPDate.instant(text, at: now).map { min(max($0 - now, .zero), HTTPLimits.longestRetryAfter) }
    }
}

/// A date of HTTP (RFC 9110, section 5.6.7). A recipient has to accept three forms.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    /// A year of two digits that seems to be further ahead than this is one of the past.
    private static let furthestYears = 50

    /// - Parameter now: decides the century of a year of two digits.
    static func instant(_ text: String, at now: Timestamp) -> Timestamp? {
        let parts = text.split(separator: " ").map(String.init)
        switch parts.count {
        // Sun, 06 Nov 1994 08:49:37 GMT
        case 6 where parts[0].hasSuffix(",") && parts[5] == "GMT":
            return instant(year: parts[3], parts[2], parts[1], parts[4])
        // Sunday, 06-Nov-94 08:49:37 GMT
        case 4 where parts[0].hasSuffix(",") && parts[3] == "GMT":
            let day = parts[1].split(separator: "-").map(String.init)
            guard day.count == 3, day[2].utf8.count == 2, let year = Int(day[2]) else { return nil }
            let current = Int(now.iso8601.prefix(4)) ?? 2_000
            let century = current / 100 * 100
            let full = century + year > current + furthestYears ? century + year - 100 : century + year
            return instant(year: String(full), day[1], day[0], parts[2])
        // Sun Nov  6 08:49:37 1994
        case 5: return instant(year: parts[4], parts[1], parts[2].utf8.count == 1 ? "0\(parts[2])" : parts[2], parts[3])
        default: return nil
        }
    }

    private static func instant(year: String, _ month: String, _ day: String, _ time: String) -> Timestamp? {
        guard year.utf8.count == 4, day.utf8.count == 2, time.utf8.count == 8, let index = months.firstIndex(of: month) else {
            return nil
        }
        let number = index < 9 ? "0\(index + 1)" : String(index + 1)
        return Timestamp(iso8601: "\(year)-\(number)-\(day)T\(time)Z")
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }
}
