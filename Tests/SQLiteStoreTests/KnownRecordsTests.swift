import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct ARecordThatIsKnown {
    private static let key = APIKey(
        id: "wk_1", tenant: StoreBench.acme, name: "deploy", policy: .operator, createdAt: StoreBench.start, secretHash: [1])
    private let keys = KnownRecords<String, APIKey>(capacity: 2) { $0.name != "large" }

    @Test func isReadOnce() async throws {
        _ = try await keys.record("wk_1") { Self.key }
        #expect(try await keys.record("wk_1") { nil } == Self.key)
    }

    @Test func isReadAgainOnceAnyHasChanged() async throws {
        _ = try await keys.record("wk_1") { Self.key }
        await keys.forgetting {}
        #expect(try await keys.record("wk_1") { nil } == nil)
    }

    @Test func isReadAgainWhileAChangeIsBeingWritten() async throws {
        _ = try await keys.record("wk_1") { Self.key }
        let meanwhile = try await keys.forgetting { try await keys.record("wk_1") { nil } }
        #expect(meanwhile == nil)
    }

    @Test func isNotKeptWhenItWasReadBeforeAChangeThatHasHappenedMeanwhile() async throws {
        let read = try await keys.record("wk_1") {
            await keys.forgetting {}
            return Self.key
        }
        #expect(read == Self.key)
        #expect(try await keys.record("wk_1") { nil } == nil)
    }

    @Test func thatIsNotThereIsAskedForEachTime() async throws {
        #expect(try await keys.record("wk_1") { nil } == nil)
        #expect(try await keys.record("wk_1") { Self.key } == Self.key)
    }

    @Test func isForgottenWhenThereIsNoRoomForAnother() async throws {
        for id in ["wk_1", "wk_2", "wk_3"] { _ = try await keys.record(id) { Self.key } }
        #expect(try await keys.record("wk_1") { nil } == nil)
        #expect(try await keys.record("wk_3") { nil } == Self.key)
    }

    @Test func isNotKeptWhenItIsLarge() async throws {
        var large = Self.key
        large.name = "large"
        _ = try await keys.record("wk_1") { large }
        #expect(try await keys.record("wk_1") { nil } == nil)
    }
}
