import Foundation
import Synchronization

/// Provides time zones: from the system's zone data in production.
///
/// The rules of zones are in files that administrators update, and the model reads no files.
public protocol ScheduleZones: Sendable {
    /// - Parameter name: an IANA name, such as `America/New_York`.
    /// - Throws: when the zone does not exist, or the machine has no zone data.
    func zone(named name: String) throws(ScheduleZoneProblem) -> ScheduleZone
}

/// Why a zone cannot be used, as a sentence without its full stop.
public struct ScheduleZoneProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

/// The compiled zone files of the machine, from the package `tzdata`. Foundation's own zones come with its library, so that an
/// update of the system would not reach them.
///
/// A zone is read once: an update takes effect after a restart.
public final class SystemScheduleZones: ScheduleZones {
    /// The location on all supported systems.
    public static let directory = "/usr/share/zoneinfo"
    /// The size limit of a zone file in bytes; the largest existing file has a tenth of it.
    static let fileBytes = 65_536

    private let directory: String
    private let known = Mutex<[ExactText: ScheduleZone]>(["UTC": .utc])

    public init(directory: String = SystemScheduleZones.directory) {
        self.directory = directory
    }

    public func zone(named name: String) throws(ScheduleZoneProblem) -> ScheduleZone {
        if let zone = known.withLock({ $0[name] }) { return zone }
        guard ScheduleZone.isName(name) else { throw unknown(name) }
        guard let handle = FileHandle(forReadingAtPath: "\(directory)/\(name)"),
            let bytes = try? handle.read(upToCount: Self.fileBytes),
            let zone = try? ZoneFile.zone(named: name, from: Array(bytes))
        else { throw unknown(name) }
        known.withLock { $0[name] = zone }
        return zone
    }

    private func unknown(_ name: String) -> ScheduleZoneProblem {
        let names = names()
        guard !names.isEmpty else {
            return ScheduleZoneProblem(
                "the zone \(name.quoted) cannot be read, because this machine has no zone data in \(directory); install the package "
                    + "tzdata, or use UTC")
        }
        let hint = ScheduleZone.suggestion(for: name, among: names).map { "; did you mean \($0.quoted)?" } ?? ""
        return ScheduleZoneProblem(
            "there is no time zone \(name.quoted); accepted are IANA names such as `America/New_York`, `Europe/London` or `UTC`\(hint)"
        )
    }

    /// The names of all zone files.
    private func names() -> [String] {
        let paths = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return paths.filter { ScheduleZone.isName($0) && ScheduleZone.refusal(of: $0) == nil }
            .filter { $0.contains("/") || $0.contains(where: \.isUppercase) }.sorted()
    }
}

extension ScheduleZone {
    /// Bytes of a zone name.
    static let longestName = 64

    /// Whether a text can be a zone name, and stays inside the directory of zone data.
    ///
    /// `posix/` and `right/` repeat the same zones, the latter with leap seconds.
    static func isName(_ text: String) -> Bool {
        guard text.utf8.count <= longestName, text.utf8.first?.isLetter == true else { return false }
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in !part.isEmpty && part.utf8.allSatisfy { $0.isLetterOrDigit || "-_+".utf8.contains($0) } }
            && parts[0] != "posix" && parts[0] != "right"
    }
}

extension UInt8 {
    fileprivate var isLetter: Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20)
    }
}
