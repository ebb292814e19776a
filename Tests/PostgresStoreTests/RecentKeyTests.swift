import PostgresTestKit
import Testing
import WorkflowModel
import WorkflowTestKit

@testable import PostgresStore

@Suite struct RecentKeyTests {
    private static func key() -> APIKey {
        APIKey(
            id: "k", tenant: StoreBench.acme, name: "Key", policy: .viewer, createdAt: StoreBench.start, secretHash: [1])
    }

    @Test func aKeyThatAnotherNodeDroppedIsForgottenInTime() async throws {
        try await TestDatabase.with { database in
            let clock = TestClock(now: StoreBench.start)
            let (store, other) = (try await database.openStore(time: clock), try await database.openStore(time: clock))
            try await other.createKey(Self.key())
            #expect(try await store.recentKey("k") == Self.key())
            clock.advance(by: RecentKeys.validity - .milliseconds(1))
            _ = try await other.deleteKey("k", onlyPreviousSecret: false)
            #expect(try await store.recentKey("k") == Self.key())
            #expect(try await store.key("k") == nil)
            clock.advance(by: .milliseconds(1))
            #expect(try await store.recentKey("k") == nil)
            try await other.close()
            try await store.close()
        }
    }

    @Test func aClockThatIsSetBackKeepsNoKeyAlive() async throws {
        let clock = TestClock(now: StoreBench.start)
        let keys = RecentKeys(time: clock)
        #expect(try await keys.key("k") { Self.key() } == Self.key())
        #expect(try await keys.key("k") { nil } == Self.key())
        clock.jump(by: .seconds(-3_600))
        #expect(try await keys.key("k") { nil } == nil)
    }

    @Test func aKeyReadBeforeAChangeIsNotCached() async throws {
        let keys = RecentKeys(time: TestClock(now: StoreBench.start))
        let read = try await keys.key("k") {
            keys.forget()
            return Self.key()
        }
        #expect(read == Self.key())
        #expect(try await keys.key("k") { nil } == nil)
    }
}
