import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Which process of the service started a command; in the environment of the command and of all that it starts.
///
/// Whoever finds it can tell whether anybody still waits for that command, without asking anybody.
struct ServiceMark: Hashable, Sendable {
    static let name = "WEIR_SERVICE"

    /// Of this process.
    static let own = ServiceMark(
        numbering: numbering(), process: getpid(), startTime: ProcessTable.entry(of: getpid())?.startTime ?? 0)

    /// Numbers of processes mean something only among those that are numbered together: not in another container.
    private var numbering: String
    private var process: pid_t
    /// Tells a process from a later one that got its number.
    private var startTime: UInt64

    private init(numbering: String, process: pid_t, startTime: UInt64) {
        self.numbering = numbering
        self.process = process
        self.startTime = startTime
    }

    /// - Returns: nil for what no mark looks like.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let process = pid_t(parts[1]), let startTime = UInt64(parts[2]), process > 0 else { return nil }
        self.init(numbering: String(parts[0]), process: process, startTime: startTime)
    }

    /// Digits and hyphens.
    var text: String { "\(numbering)-\(process)-\(startTime)" }

    /// Whether the service's process is known to have ended: nothing will ever come of what it started.
    var isOfTheDead: Bool {
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
