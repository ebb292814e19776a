import Logging
import PostgresClusterKit
import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct OpeningTests {
    @Test func anEmptyDatabaseGetsItsSchemaAndTheMonthsThatAreDue() async throws {
        try await TestDatabase.withEmpty { database in
            let store = try await database.openStore()
            try await store.ping()
            try await store.close()
            let steps = try await database.sql("SELECT max(number) FROM schema_steps")
            #expect(steps == "\(Migration.all.count)")
            let months = try await database.sql(
                "SELECT string_agg(inhrelid::regclass::text, ' ' ORDER BY 1) FROM pg_inherits WHERE inhparent = 'runs'::regclass")
            for month in ["2023_11", "2023_12", "2024_01"] { #expect(months.contains("runs_\(month)")) }
        }
    }

    /// Other contents of the database stay unchanged.
    @Test func theDatabaseMayBelongToOthersToo() async throws {
        try await TestDatabase.withEmpty { database in
            try await database.cluster.sql("CREATE TABLE runs (theirs int); INSERT INTO runs VALUES (7)", in: database.name)
            let store = try await database.openStore()
            let bench = StoreBench(store)
            try await bench.start()
            #expect(try await bench.walk(by: 10).count == 1)
            try await store.close()
            #expect(try await database.cluster.sql("SELECT theirs FROM public.runs", in: database.name) == "7")
        }
    }

    @Test func nodesThatStartAtOnceMakeOneSchema() async throws {
        try await TestDatabase.withEmpty { database in
            let stores = try await withThrowingTaskGroup(of: PostgresStore.self) { group in
                for _ in 0..<6 { group.addTask { try await database.openStore(settings: PostgresSettings(connections: 1)) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(stores.count == 6)
            for store in stores { try await store.close() }
            let steps = try await database.sql("SELECT string_agg(number::text, ' ' ORDER BY number) FROM schema_steps")
            #expect(steps == (1...Migration.all.count).map(String.init).joined(separator: " "))
        }
    }

    @Test func aDatabaseOfANewerVersionIsRefusedAndLeftAsItIs() async throws {
        try await TestDatabase.with { database in
            try await database.sql("INSERT INTO schema_steps VALUES (99)")
            let error = await refusal(of: try database.address())
            #expect(error?.code == .newerThanProgram)
            #expect(error?.message.contains("99") == true)
            #expect(try await database.sql("SELECT max(number) FROM schema_steps") == "99")
        }
    }

    @Test func aFailedConnectionIsReportedInOneSentence() async throws {
        try await TestDatabase.with { database in
            let port = database.cluster.port
            let closed = try FreePort.find()
            let cases = [
                ("postgres://weir:wrong@127.0.0.1:\(port)/\(database.name)", "password authentication failed"),
                ("postgres://weir:weir@127.0.0.1:\(port)/nowhere", "does not exist"),
                ("postgres://weir:weir@127.0.0.1:\(closed)/weir", "Connection refused"),
            ]
            for (url, words) in cases {
                let error = await refusal(of: try DatabaseAddress(url))
                #expect(error?.code == .unavailable)
                let message = error?.message ?? ""
                #expect(message.contains(words), "\(message)")
                #expect(!message.contains("wrong") && !message.contains("\n"), "\(message)")
            }
        }
    }

    @Test(arguments: ["", "mysql://x/y", "postgres://a:secret%zz@h/x", "weir", "postgres://h/d?nonsense=1"])
    func anInvalidAddressIsRefusedWithoutRepeatingIt(_ text: String) {
        #expect {
            _ = try DatabaseAddress(text)
        } throws: { error in
            (error as? StoreError)?.message.contains("secret") == false
        }
    }

    @Test func aDatabaseInAnotherEncodingIsRefused() async throws {
        try await TestDatabase.withEmpty { database in
            let name = database.name + "_latin"
            try await database.cluster.sql(
                "CREATE DATABASE \(name) ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
            let error = await refusal(of: try database.address().database(name))
            #expect(error?.message.contains("LATIN1") == true)
            try await database.cluster.sql("DROP DATABASE \(name)")
        }
    }

    private func refusal(of address: DatabaseAddress) async -> StoreError? {
        do {
            let store = try await PostgresStore.open(
                address, settings: PostgresSettings(connections: 1), time: TestClock(), random: SystemRandom(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try? await store.close()
            return nil
        } catch {
            return error as? StoreError
        }
    }
}
