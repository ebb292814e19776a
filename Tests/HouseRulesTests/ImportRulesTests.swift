import Testing

@Suite("Imports")
struct ImportRulesTests {
    /// The targets of this package that a target may import.
    static let rooms: [String: Set<String>] = [
        "WorkflowModel": [],
        "WorkflowEngine": ["WorkflowModel"],
        "TaskRunners": ["WorkflowModel", "CTaskProcess", "CZlib"],
        "AlertDelivery": ["WorkflowModel", "WorkflowAPI"],
        "StoreCore": ["WorkflowModel"],
        "SQLiteStore": ["StoreCore", "WorkflowModel", "CSQLite"],
        "PostgresStore": ["StoreCore", "WorkflowModel", "CLibPQ"],
        "WorkflowAPI": ["WorkflowModel"],
        "WorkflowPages": ["WorkflowModel"],
        "WorkflowOperations": ["WorkflowAPI", "WorkflowClient", "WorkflowModel"],
        "WorkflowServer": ["WorkflowAPI", "WorkflowOperations", "WorkflowPages", "WorkflowModel", "CZlib"],
        "WorkflowClient": ["WorkflowAPI", "WorkflowModel"],
        "WorkflowTestKit": ["WorkflowModel"],
        "ProgramTestKit": ["WorkflowClient", "WorkflowModel"],
        "HTTPTestKit": [],
        "SQLiteTestKit": ["SQLiteStore", "WorkflowModel"],
        "PostgresClusterKit": [],
        "VolumeKit": ["WorkflowModel"],
        "PostgresTestKit": ["PostgresClusterKit", "PostgresStore", "WorkflowModel", "WorkflowTestKit"],
        "CLibPQ": [],
        "CSQLite": [],
        "CTaskProcess": [],
        "CZlib": [],
        // The composition root imports every target.
        "weir": [
            "WorkflowModel", "WorkflowEngine", "TaskRunners", "AlertDelivery", "SQLiteStore", "PostgresStore", "WorkflowAPI",
            "WorkflowOperations", "WorkflowPages", "WorkflowServer", "WorkflowClient",
        ],
    ]

    /// Libraries that only some targets may import, because these targets hide them.
    static let guests: [String: Set<String>] = [
        "GRDB": ["SQLiteStore"], "GRDBSQLite": ["SQLiteStore"], "CSQLite": ["SQLiteStore"],
        "CLibPQ": ["PostgresStore"],
        "CTaskProcess": ["TaskRunners"],
        "CZlib": ["TaskRunners", "WorkflowServer"],
        "AsyncHTTPClient": ["TaskRunners", "AlertDelivery", "WorkflowClient", "weir"],
        "Hummingbird": ["WorkflowOperations", "WorkflowServer", "weir", "HTTPTestKit"],
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

    @Test func targetsImportOnlyAllowedTargets() {
        for file in Repository.sources + Repository.kits {
            guard let allowed = Self.rooms[file.target] else {
                Issue.record("\(file.path): the target \(file.target) is missing in the table of this test")
                continue
            }
            let strangers = file.imports.intersection(Self.rooms.keys).subtracting(allowed)
            #expect(strangers.isEmpty, "\(file.path) must not import \(strangers.sorted())")
        }
    }

    @Test func librariesAreUsedWhereTheyBelong() {
        for file in Repository.sources + Repository.kits {
            for (library, rooms) in Self.guests where file.imports.contains(library) {
                #expect(rooms.contains(file.target), "\(file.path) must not import \(library)")
            }
        }
    }
}
