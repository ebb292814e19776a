import Testing

@Suite("Who imports whom")
struct ImportRulesTests {
    /// Which of our rooms a room may know.
    static let rooms: [String: Set<String>] = [
        "WorkflowModel": [],
        "WorkflowEngine": ["WorkflowModel"],
        "TaskRunners": ["WorkflowModel"],
        "AlertDelivery": ["WorkflowModel", "WorkflowAPI"],
        "SQLiteStore": ["WorkflowModel", "CSQLite"],
        "PostgresStore": ["WorkflowModel", "CLibPQ"],
        "WorkflowAPI": ["WorkflowModel"],
        "WorkflowPages": ["WorkflowModel"],
        "WorkflowServer": ["WorkflowAPI", "WorkflowPages", "WorkflowModel"],
        "WorkflowClient": ["WorkflowAPI", "WorkflowModel"],
        "WorkflowTestKit": ["WorkflowModel"],
        "ProgramTestKit": ["WorkflowClient", "WorkflowModel"],
        "PostgresClusterKit": [],
        "PostgresTestKit": ["PostgresClusterKit", "PostgresStore", "WorkflowModel", "WorkflowTestKit"],
        "CLibPQ": [],
        "CSQLite": [],
        // The composition root knows everybody.
        "weir": [
            "WorkflowModel", "WorkflowEngine", "TaskRunners", "AlertDelivery", "SQLiteStore", "PostgresStore", "WorkflowAPI",
            "WorkflowPages", "WorkflowServer", "WorkflowClient",
        ],
    ]

    /// What only some rooms may use, because it is what they are there to hide.
    static let guests: [String: Set<String>] = [
        "GRDB": ["SQLiteStore"], "GRDBSQLite": ["SQLiteStore"], "CSQLite": ["SQLiteStore"],
        "CLibPQ": ["PostgresStore"],
        "Subprocess": ["TaskRunners"],
        "AsyncHTTPClient": ["TaskRunners", "AlertDelivery", "WorkflowClient", "weir"],
        "Hummingbird": ["WorkflowServer", "weir"],
        "JWTKit": ["WorkflowServer"],
        "Mustache": ["WorkflowPages"],
        "ArgumentParser": ["weir"],
        "Yams": ["WorkflowModel"],
        "Testing": ["WorkflowTestKit"],
    ]

    @Test func thereAreFilesToLookAt() {
        #expect(Repository.sources.count > 50)
        #expect(Repository.tests.count > 20)
    }

    @Test func everyRoomKnowsOnlyWhomItMay() {
        for file in Repository.sources {
            guard let allowed = Self.rooms[file.target] else {
                Issue.record("\(file.path): the room \(file.target) is not in the table of this test")
                continue
            }
            let strangers = file.imports.intersection(Self.rooms.keys).subtracting(allowed)
            #expect(strangers.isEmpty, "\(file.path) must not import \(strangers.sorted())")
        }
    }

    @Test func librariesAreUsedWhereTheyBelong() {
        for file in Repository.sources {
            for (library, rooms) in Self.guests where file.imports.contains(library) {
                #expect(rooms.contains(file.target), "\(file.path) must not import \(library)")
            }
        }
    }
}
