import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Identifies the service process that started a command, in the environment of the command and its descendants.
///
/// It shows whether that service process still runs, without asking any other process.
struct ServiceMark: Hashable, Sendable {
    static let name = "WEIR_SERVICE"

    /// The mark of this process.
    static let own = ServiceMark(
        numbering: numbering(), process: getpid(), startTime: ProcessTable.entry(of: getpid())?.startTime ?? 0)

    /// The pid namespace: a pid is unique only within it.
    private var numbering: String
    private var process: pid_t
    /// Distinguishes the process from a later one with the same pid.
    private var startTime: UInt64

    private init(numbering: String, process: pid_t, startTime: UInt64) {
        self.numbering = numbering
        self.process = process
        self.startTime = startTime
    }

    /// - Returns: nil when the text is not a mark.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let process = pid_t(parts[1]), let startTime = UInt64(parts[2]), process > 0 else { return nil }
        self.init(numbering: String(parts[0]), process: process, startTime: startTime)
    }

    /// Digits and hyphens.
    var text: String { "\(numbering)-\(process)-\(startTime)" }

    /// Whether the service process has certainly ended. Its commands are then orphans.
    var isOfEndedService: Bool {
        guard numbering == Self.own.numbering else { return false }
        guard let entry = ProcessTable.entry(of: process) else { return true }
        return entry.startTime != startTime || entry.isZombie
    }

    /// The digits of `pid:[4026531836]`.
    private static func numbering() -> String {
        let name = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/ns/pid")
        let digits = (name ?? "").filter(\.isNumber)
        return digits.isEmpty ? "0" : digits
    }
}
