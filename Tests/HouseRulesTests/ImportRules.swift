import Testing

@Suite("Who may import whom")
struct ImportRules {
    /// The rooms, and which of our own each may import. Only `weir` knows everybody.
    static let rooms: [String: Set<String>] = [
        "WorkflowModel": [],
        "WorkflowEngine": ["WorkflowModel"],
        "TaskRunners": ["WorkflowModel"],
        "SQLiteStore": ["WorkflowModel"],
        "WorkflowAPI": ["WorkflowModel"],
        "WorkflowServer": ["WorkflowModel", "WorkflowAPI"],
        "WorkflowClient": ["WorkflowModel", "WorkflowAPI"],
        "WorkflowTestKit": ["WorkflowModel"],
        "weir": [
            "WorkflowModel", "WorkflowEngine", "TaskRunners", "SQLiteStore", "WorkflowAPI", "WorkflowServer", "WorkflowClient",
        ],
    ]

    /// What the language of the service may use besides the standard library: nothing that reads a clock, a file or a socket.
    static let modelMayUse: Set<String> = ["Foundation", "Yams", "Synchronization"]
    /// The one place in it that reads the clock, for those who put a program together.
    static let systemClock = "Sources/WorkflowModel/Ports/TimeSource.swift"

    @Test func everyRoomHasItsRule() throws {
        let found = Set(try Repository.sources.map(\.room))
        #expect(found == Set(Self.rooms.keys))
    }

    @Test func roomsImportOnlyWhomTheyMay() throws {
        for file in try Repository.sources {
            let ours = Set(file.imports).intersection(Self.rooms.keys)
            let allowed = Self.rooms[file.room] ?? []
            #expect(
                ours.isSubset(of: allowed), "\(file.path) imports \(ours.subtracting(allowed).sorted().joined(separator: ", "))")
        }
    }

    @Test func theModelStandsOnItsOwn() throws {
        for file in try Repository.sources where file.room == "WorkflowModel" && file.path != Self.systemClock {
            let others = Set(file.imports).subtracting(Self.modelMayUse)
            #expect(others.isEmpty, "\(file.path) imports \(others.sorted().joined(separator: ", "))")
        }
    }

    @Test func onlyStoresSpeakSQL() throws {
        for file in try Repository.sources where file.room != "SQLiteStore" {
            #expect(Set(file.imports).isDisjoint(with: ["GRDB", "GRDBSQLite"]), "\(file.path)")
        }
    }

    @Test(
        "an import is recognized however it is written",
        arguments: [
            "import GRDB", "public import GRDB", "@testable import GRDB", "@preconcurrency package import GRDB",
            "internal import struct GRDB.Row",
        ])
    func importsAreRecognized(line: String) {
        #expect(SourceFile(path: "Sources/weir/A.swift", lines: ["// import Yams", line]).imports == ["GRDB"])
    }
}
