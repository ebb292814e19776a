import Foundation
import GRDB
import SQLiteTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct OpeningTests {
    @Test func createsWhatIsMissingForItsOwnerOnly() async throws {
        try await withDirectory { directory in
            let nested = directory + "/a/b/"
            let store = try SQLiteStore.open(directory: nested)
            try await store.ping()
            #expect(try mode(of: nested) == 0o700)
            for file in ["weir.db", "weir.db-wal", "weir.lock"] { #expect(try mode(of: nested + file) == 0o600) }
            try await store.close()
        }
    }

    @Test func aSecondProcessIsToldWhichOneOwnsTheDirectory() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            let error = refusal(of: directory)
            #expect(error?.code == .ownedElsewhere)
            #expect(error?.message.contains("process \(getpid())") == true)
            // A refused process does not disturb the owner.
            try await store.ping()
            try await store.close()
            try await SQLiteStore.open(directory: directory).close()
        }
    }

    @Test func anOwnerWithoutANameIsAnotherProcess() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            try Data().write(to: URL(fileURLWithPath: directory + "/weir.lock"))
            #expect(refusal(of: directory)?.message.contains("another process") == true)
            try await store.close()
        }
    }

    @Test func aLockFileWithoutAnOwnerIsNoObstacle() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            try Data("1\n".utf8).write(to: URL(fileURLWithPath: directory + "/weir.lock"))
            try await SQLiteStore.open(directory: directory).close()
        }
    }

    @Test func aDatabaseOfANewerVersionIsRefusedAndLeftAsItIs() async throws {
        try await withDirectory { directory in
            try await SQLiteStore.open(directory: directory).close()
            try await DatabaseQueue(path: directory + "/weir.db").write { try $0.execute(sql: "PRAGMA user_version = 99") }
            let error = refusal(of: directory)
            #expect(error?.code == .newerThanProgram)
            #expect(error?.message.contains("99") == true)
            #expect(refusal(of: directory)?.code == .newerThanProgram)
        }
    }

    @Test func aFileThatIsNoDatabaseIsDamaged() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let text = Data(String(repeating: "This is not a database.\n", count: 400).utf8)
            try text.write(to: URL(fileURLWithPath: directory + "/weir.db"))
            #expect(refusal(of: directory)?.code == .damaged)
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory + "/weir.db")) == text)
        }
    }

    @Test(arguments: [0.1, 0.5, 0.9])
    func aFileThatWasCutOffIsDamaged(_ part: Double) async throws {
        try await withDirectory { directory in
            try await SQLiteStore.open(directory: directory).close()
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: directory + "/weir.db"))
            try file.truncate(atOffset: UInt64(Double(file.seekToEnd()) * part) / 4_096 * 4_096)
            try file.close()
            #expect(refusal(of: directory)?.code == .damaged)
        }
    }

    @Test func aFileWithForeignPagesIsDamaged() async throws {
        try await withDirectory { directory in
            try await SQLiteStore.open(directory: directory).close()
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: directory + "/weir.db"))
            let size = Int(try file.seekToEnd())
            try file.seek(toOffset: 4_096)
            try file.write(contentsOf: Data(repeating: 0xA5, count: size - 4_096))
            try file.close()
            #expect(refusal(of: directory)?.code == .damaged)
        }
    }

    @Test func aDatabaseOfAnotherProgramIsRefusedAndLeftAsItIs() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let other = try DatabaseQueue(path: directory + "/weir.db")
            try await other.write { try $0.execute(sql: "CREATE TABLE theirs (a); PRAGMA user_version = 1") }
            try other.close()
            let before = try Data(contentsOf: URL(fileURLWithPath: directory + "/weir.db"))
            let error = refusal(of: directory)
            #expect(error?.code == .damaged)
            #expect(error?.message.contains("another program") == true)
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory + "/weir.db")) == before)
        }
    }

    @Test func aDirectoryThatCannotBeIsUnavailable() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory + "/taken/weir.db", withIntermediateDirectories: true)
            try Data().write(to: URL(fileURLWithPath: directory + "/file"))
            #expect(refusal(of: "")?.code == .unavailable)
            for path in [directory + "/file", directory + "/file/below", directory + "/taken", "/proc/nowhere"] {
                let error = refusal(of: path)
                #expect(error?.code == .unavailable, "\(path)")
                #expect(error?.message.contains(path) == true)
            }
        }
    }

    @Test func aDirectoryThatFailedToOpenIsUnlocked() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory + "/weir.db", withIntermediateDirectories: true)
            #expect(refusal(of: directory)?.code == .unavailable)
            try FileManager.default.removeItem(atPath: directory + "/weir.db")
            try await SQLiteStore.open(directory: directory).close()
        }
    }

    @Test func anInterruptedFirstStartIsTakenUp() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            let begun = try DatabaseQueue(path: directory + "/weir.db")
            try await begun.writeWithoutTransaction {
                try $0.execute(sql: "PRAGMA application_id = \(OpenedDatabase.applicationID)")
            }
            try begun.close()
            let store = try SQLiteStore.open(directory: directory)
            try await store.ping()
            try await store.close()
        }
    }

    /// SQLite would treat it as an empty database.
    @Test(arguments: [[], ["weir.db-wal"]])
    func anEmptyFileIsRefusedWithWhatToDo(beside companions: [String]) async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for file in ["weir.db"] + companions { try Data().write(to: URL(fileURLWithPath: directory + "/" + file)) }
            for _ in 1...2 {
                let error = refusal(of: directory)
                #expect(error?.code == .damaged)
                #expect(error?.message.contains("empty (0 bytes)") == true)
                #expect(error?.message.contains("restore it from a backup") == true)
                #expect(error?.message.contains("remove weir.db") == true)
            }
            // The fault that the message names.
            for file in ["weir.db"] + companions { try FileManager.default.removeItem(atPath: directory + "/" + file) }
            try await SQLiteStore.open(directory: directory).close()
        }
    }

    @Test func aLogWithoutItsDatabaseIsRefusedAndLeftAsItIs() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            try await StoreBench(store).start()
            let log = try Data(contentsOf: URL(fileURLWithPath: directory + "/weir.db-wal"))
            try await store.close()
            try #require(!log.isEmpty)
            try log.write(to: URL(fileURLWithPath: directory + "/weir.db-wal"))
            try FileManager.default.removeItem(atPath: directory + "/weir.db")
            #expect(refusal(of: directory)?.code == .damaged)
            #expect(refusal(of: directory)?.message.contains("weir.db that they belong to is missing") == true)
            #expect(try Data(contentsOf: URL(fileURLWithPath: directory + "/weir.db-wal")) == log)
        }
    }

    /// Also when the end of a table is missing, which reading its first row does not find.
    @Test func aFileThatLostItsLastPageIsDamaged() async throws {
        try await withDirectory { directory in
            let store = try SQLiteStore.open(directory: directory)
            let bench = StoreBench(store)
            for _ in 0..<50 { try await bench.start() }
            try await store.close()
            let file = try FileHandle(forUpdating: URL(fileURLWithPath: directory + "/weir.db"))
            try file.truncate(atOffset: file.seekToEnd() - 4_096)
            try file.close()
            #expect(refusal(of: directory)?.code == .damaged)
            #expect(refusal(of: directory)?.message.contains("cut off") == true)
        }
    }

    /// A database gets its name when it is complete: the remains of an unfinished one are replaced.
    @Test func aFirstStartThatWasCutShortIsBegunAnew() async throws {
        try await withDirectory { directory in
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
            for file in ["weir.db.new", "weir.db.new-wal", "weir.db.new-journal"] {
                try Data("half".utf8).write(to: URL(fileURLWithPath: directory + "/" + file))
            }
            let store = try SQLiteStore.open(directory: directory)
            try await StoreBench(store).start()
            try await store.close()
            let files = try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
            #expect(files == ["weir.db", "weir.lock"])
            try await SQLiteStore.open(directory: directory).close()
        }
    }

    private func refusal(of directory: String) -> StoreError? {
        do throws(StoreError) {
            _ = try SQLiteStore.open(directory: directory)
            return nil
        } catch {
            return error
        }
    }

    private func mode(of path: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return try #require(attributes[.posixPermissions] as? NSNumber).intValue
    }
}
