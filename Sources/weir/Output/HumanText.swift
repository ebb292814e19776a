import WorkflowModel

/// Formats values for tables and messages.
enum HumanText {
    /// Stands for an empty cell.
    static let nothing = "–"

    /// In UTC, as everywhere in the service: `2024-02-10 17:29:32Z`.
    static func time(_ instant: Timestamp?) -> String {
        guard let instant else { return nothing }
        let wire = instant.iso8601
        return "\(wire.prefix(10)) \(wire.dropFirst(11).prefix(8))Z"
    }

    /// To the minute, in a sentence: `3 Oct 2025 14:02 UTC`.
    static func minute(_ instant: Timestamp) -> String {
        let wire = instant.iso8601
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        guard let month = Int(wire.dropFirst(5).prefix(2)), let day = Int(wire.dropFirst(8).prefix(2)), months.indices ~= month - 1
        else { return wire }
        return "\(day) \(months[month - 1]) \(wire.prefix(4)) \(wire.dropFirst(11).prefix(5)) UTC"
    }

    /// `Paused by Ada since 2026-12-01 09:30:00Z, until 2026-12-02 00:00:00Z: the warehouse is being migrated`
    static func pause(_ pause: WorkflowPause) -> String {
        let end = pause.until.map { "until \(time($0))" } ?? "until it is resumed"
        return printable("Paused by \(pause.pausedBy.name) since \(time(pause.since)), \(end): \(pause.reason)")
    }

    /// `SIGTERM 2026-12-01 09:30:00Z, SIGKILL 2026-12-01 09:30:10Z, last process gone 2026-12-01 09:30:10Z`
    static func ending(_ ending: TaskEnding) -> String {
        if let canceledAt = ending.callCanceledAt { return "call canceled \(time(canceledAt))" }
        return [
            ending.terminatedAt.map { "SIGTERM \(time($0))" }, ending.killedAt.map { "SIGKILL \(time($0))" },
            "last process gone \(time(ending.goneAt))",
        ].compactMap(\.self).joined(separator: ", ")
    }

    /// `team=crm, tier=gold`
    static func labels(_ labels: RunLabels) -> String {
        labels.isEmpty ? nothing : labels.map { "\($0.key)=\($0.value)" }.joined(separator: ", ")
    }

    /// `41%`; with a decimal where a whole number would say none or all: `0.3%`, `99.7%`.
    static func share(_ part: Int, of whole: Int) -> String {
        guard whole > 0 else { return nothing }
        guard part > 0, part < whole else { return part == 0 ? "0%" : "100%" }
        let percent = 100 * Double(part) / Double(whole)
        guard percent < 10 || percent > 99 else { return "\(Int(percent.rounded()))%" }
        let tenths = min(999, max(1, Int((percent * 10).rounded())))
        return "\(tenths / 10).\(tenths % 10)%"
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

    /// A state; of a failure, with its attribution.
    static func state(_ state: WorkflowState, _ error: RunError?) -> String {
        guard state == .failed, let attribution = error?.attribution else { return state.label }
        return "\(state.label) (\(attribution.rawValue))"
    }

    /// The state of a run; of a failure, with its attribution, and otherwise with the number of warnings.
    static func state(of run: WorkflowRun) -> String {
        let state = state(run.state.state, run.error)
        return run.warnings > 0 && run.state != .failed ? "\(state) (\(warnings(run.warnings)))" : state
    }

    static func warnings(_ count: Int) -> String {
        "\(Self.count(count)) \(count == 1 ? "warning" : "warnings")"
    }

    /// An error's message after its attribution, if known.
    static func fault(_ error: RunError) -> String {
        error.attribution.map { "\($0.rawValue): \(error.message)" } ?? error.message
    }

    /// The state of a task; of a skipped one, the reason; of one with items, their counts.
    static func state(of task: TaskInstance) -> String {
        let state = stateAlone(of: task)
        guard let counts = task.fan?.counts, counts.total > 0 else { return state }
        return "\(state): \(counts.words)"
    }

    private static func stateAlone(of task: TaskInstance) -> String {
        switch task.skipReason {
        case .failedNeed: "Not run (a task it needs failed)"
        case .runMode: "Not in this run mode"
        case .noFailure: "Not needed (nothing failed)"
        case .resolved: "Skipped by a person"
        case .condition: "Not needed (its condition was false)"
        case nil:
            task.warnings.isEmpty
                ? state(task.state.state, task.error) : "\(task.state.state.label) (\(warnings(task.warnings.count)))"
        }
    }

    /// `deploy <ops@shop.example> (wk_1)`
    static func principal(_ principal: Principal) -> String {
        var text = principal.name
        if let email = principal.email { text += " <\(email)>" }
        return principal.id == principal.name ? text : "\(text) (\(principal.id))"
    }

    /// The text with all invisible and control characters escaped.
    static func printable(_ text: String) -> String {
        text.visible()
    }

    private static func twoDigits(_ number: Int64) -> String {
        number < 10 ? "0\(number)" : String(number)
    }
}
