import Foundation
import ProgramTestKit
import WorkflowTestKit

/// The changes and synchronizations of a program below a directory, from the journal of `Tests/Support/PowerLoss`, and the files that
/// a disk may contain after a power loss.
struct LostPower {
    /// The fate of changes that were not synchronized.
    enum Fate: Sendable {
        /// All of them are lost.
        case lost
        /// Any part of them is lost, in any order, and writes may be torn between sectors.
        case anyPart(seed: UInt64)
    }

    static let library: String? = {
        let path = URL(fileURLWithPath: Program.path).deletingLastPathComponent().appendingPathComponent("libPowerLoss.so").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    private static let sector = 512

    private struct Entry {
        var kind: Character
        var first: Int
        var second: Int
        var path: String
        var old: [UInt8]
        var new: [UInt8]

        var other: String { String(decoding: old, as: UTF8.self) }
        var parent: String { String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]) }
    }

    let root: String
    let journal: String

    /// - Parameter directory: contains the journal, beside `root`.
    init(of root: String, in directory: String) {
        self.root = root
        journal = directory + "/journal"
    }

    /// The environment of the program.
    func environment(_ library: String) -> [String: String] {
        ["LD_PRELOAD": library, "WEIR_POWER_LOSS_ROOT": root, "WEIR_POWER_LOSS_JOURNAL": journal]
    }

    /// Replaces the directory's contents with those that the disk may have. The program must have ended.
    /// - Parameter trustsSync: whether synchronized changes are kept; a disk that ignores synchronization loses them too.
    /// - Returns: the number of changes that were not synchronized.
    @discardableResult
    func happen(_ fate: Fate, trustsSync: Bool = true) throws -> Int {
        let pending = try pendingChanges(trustsSync: trustsSync)
        for entry in pending.reversed() { try undo(entry) }
        if case .anyPart(let seed) = fate {
            let random = SeededRandom(seed: seed)
            for entry in pending where "WT".contains(entry.kind) && random.chance(0.5) {
                try redo(entry, sectors: random.chance(0.3) ? random.number(in: 0...8) : nil)
            }
        }
        try FileManager.default.removeItem(atPath: journal)
        // Shared memory is not on disk.
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) where name.hasSuffix("-shm") {
            try FileManager.default.removeItem(atPath: root + "/" + name)
        }
        return pending.count
    }

    private func pendingChanges(trustsSync: Bool) throws -> [Entry] {
        var pending: [Entry] = []
        for entry in try entries() {
            switch entry.kind {
            case "S": if trustsSync { pending.removeAll { "WT".contains($0.kind) && $0.path == entry.path } }
            case "D": if trustsSync { pending.removeAll { "CMRU".contains($0.kind) && $0.parent == entry.path } }
            default: pending.append(entry)
            }
        }
        return pending
    }

    private func entries() throws -> [Entry] {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: journal))
        var place = bytes.startIndex
        /// nil at the end. An incomplete entry at the end has not happened.
        func take(_ count: Int) -> [UInt8]? {
            guard bytes.endIndex - place >= count else { return nil }
            defer { place += count }
            return Array(bytes[place..<(place + count)])
        }
        func number() -> Int? {
            take(8).map { $0.reversed().reduce(0) { $0 << 8 | Int($1) } }
        }
        var entries: [Entry] = []
        while let kind = take(1)?.first {
            guard let first = number(), let second = number(), number() != nil, let pathLength = number(),
                let oldLength = number(), let newLength = number(), let path = take(pathLength), let old = take(oldLength),
                let new = take(newLength)
            else { break }
            entries.append(
                Entry(
                    kind: Character(Unicode.Scalar(kind)), first: first, second: second,
                    path: String(decoding: path, as: UTF8.self), old: old, new: new))
        }
        return entries
    }

    private func undo(_ entry: Entry) throws {
        let files = FileManager.default
        switch entry.kind {
        case "W": try change(entry.path, at: entry.first, to: entry.old, size: entry.second)
        case "T": try change(entry.path, at: entry.first, to: entry.old, size: entry.second)
        case "C", "M": try? files.removeItem(atPath: entry.path)
        case "R": try? files.moveItem(atPath: entry.other, toPath: entry.path)
        // Its directory was removed later.
        case "U": try? Data(entry.old).write(to: URL(fileURLWithPath: entry.path))
        default: break
        }
    }

    private func redo(_ entry: Entry, sectors: Int?) throws {
        switch entry.kind {
        case "W":
            let kept = Array(entry.new.prefix(sectors.map { $0 * Self.sector } ?? entry.new.count))
            if !kept.isEmpty { try change(entry.path, at: entry.first, to: kept, size: nil) }
        default: try change(entry.path, at: 0, to: [], size: entry.first)
        }
    }

    /// A removed file is not changed.
    private func change(_ path: String, at offset: Int, to bytes: [UInt8], size: Int?) throws {
        guard let file = FileHandle(forUpdatingAtPath: path) else { return }
        defer { try? file.close() }
        try file.seek(toOffset: UInt64(offset))
        try file.write(contentsOf: bytes)
        if let size { try file.truncate(atOffset: UInt64(size)) }
    }
}
