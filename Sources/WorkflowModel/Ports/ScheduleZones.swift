import Foundation
import Synchronization

/// Where time zones come from: the system's zone data in production.
///
/// A port, because the rules of a zone lie in files that their administrators keep up to date, and the model reads no files.
public protocol ScheduleZones: Sendable {
    /// - Parameter name: an IANA name, such as `America/New_York`.
    /// - Throws: that there is no such zone, or no zone data at all.
    func zone(named name: String) throws(ScheduleZoneProblem) -> ScheduleZone
}

/// Why there is no zone by a name, as a sentence without its full stop.
public struct ScheduleZoneProblem: Error, Hashable, Sendable, CustomStringConvertible {
    public let message: String

    public init(_ message: String) {
        self.message = message
    }

    public var description: String { message }
}

/// The compiled zone files of the machine, which the package `tzdata` brings. Foundation's own zones are those that its library
/// was built with, so that an update of the system would not reach them.
///
/// A zone is read once: what an update brings counts from the next start on.
public final class SystemScheduleZones: ScheduleZones {
    /// Where every system that we run on has them.
    public static let directory = "/usr/share/zoneinfo"
    /// Bytes of a zone file; the largest there is has a tenth of it.
    static let fileBytes = 65_536

    private let directory: String
    private let known = Mutex<[String: ScheduleZone]>(["UTC": .utc])

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
                "the zone \(name.quoted) cannot be looked up, because this machine has no zone data in \(directory); install the package "
                    + "tzdata, or use UTC")
        }
        let hint =
            (names.first { $0.lowercased() == name.lowercased() } ?? suggestion(for: name, among: names))
            .map { "; did you mean \($0.quoted)?" } ?? ""
        return ScheduleZoneProblem(
            "there is no time zone \(name.quoted); it is an IANA name such as `America/New_York`, `Europe/London` or `UTC`\(hint)")
    }

    /// Every name that there is a file for.
    private func names() -> [String] {
        let paths = FileManager.default.enumerator(atPath: directory)?.compactMap { $0 as? String } ?? []
        return paths.filter { ScheduleZone.isName($0) && ($0.contains("/") || $0.allSatisfy(\.isUppercase)) }.sorted()
    }
}

extension ScheduleZone {
    /// Bytes of a zone's name.
    static let longestName = 64

    /// Whether a text could be a zone's name, and names no file but one below the zone data.
    ///
    /// `posix/` and `right/` hold the same zones again, the latter by clocks that count leap seconds.
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
