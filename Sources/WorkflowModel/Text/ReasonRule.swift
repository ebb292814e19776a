/// The rule for the reason that a person gives for a change, such as a pause or a stop.
///
/// A reason is one line, so that it fits wherever it is shown: a row of a table, a line of a log, a note on a tick.
public enum ReasonRule {
    /// Bytes of a reason at most, in UTF-8.
    public static let bytes = 1_024
    public static let words = "1 to \(bytes) bytes without line breaks or other invisible characters"

    /// Why a reason is invalid, as a sentence that says what is accepted; nil for a valid one.
    public static func problem(with reason: String) -> String? {
        flaw(of: reason).map { "The reason \($0). Accepted: \(words)." }
    }

    /// Why a reason is invalid, in words that follow its name; nil for a valid one.
    public static func flaw(of reason: String) -> String? {
        reason.problemAsLine(upTo: bytes)
    }
}
