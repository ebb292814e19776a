import WorkflowModel

/// How tables write what the wire writes for programs.
enum HumanText {
    /// What stands where there is nothing.
    static let nothing = "–"

    /// In UTC, as everywhere in the service: `2024-02-10 17:29:32Z`.
    static func time(_ instant: Timestamp?) -> String {
        guard let instant else { return nothing }
        let wire = instant.iso8601
        return "\(wire.prefix(10)) \(wire.dropFirst(11).prefix(8))Z"
    }

    /// Two units at most: `850ms`, `12.3s`, `1m 05s`, `2h 03m`, `3d 04h`.
    static func duration(_ duration: Duration?) -> String {
        guard let milliseconds = duration?.milliseconds else { return nothing }
        let seconds = milliseconds / 1_000
        switch milliseconds {
        case ..<0: return nothing
        case ..<1_000: return "\(milliseconds)ms"
        case ..<60_000: return "\(seconds).\(milliseconds % 1_000 / 100)s"
        case ..<3_600_000: return "\(seconds / 60)m \(twoDigits(seconds % 60))s"
        case ..<86_400_000: return "\(seconds / 3_600)h \(twoDigits(seconds / 60 % 60))m"
        default: return "\(seconds / 86_400)d \(twoDigits(seconds / 3_600 % 24))h"
        }
    }

    /// With commas between the thousands.
    static func count(_ number: Int) -> String {
        var digits = Array(String(number.magnitude))
        var place = digits.count - 3
        while place > 0 {
            digits.insert(",", at: place)
            place -= 3
        }
        return (number < 0 ? "-" : "") + String(digits)
    }

    /// A state, and where something failed, whose fault it is.
    static func state(_ state: WorkflowState, _ error: RunError?) -> String {
        guard state == .failed, let error else { return state.label }
        return "\(state.label) (\(error.attribution.rawValue))"
    }

    /// The text without anything that moves a terminal's cursor or changes its colours.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{FFFD}" : $0 }))
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Direction marks can make a line read as another one.
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
