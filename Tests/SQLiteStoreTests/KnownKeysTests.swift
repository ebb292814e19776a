import Testing
import WorkflowModel
import WorkflowTestKit

@testable import SQLiteStore

@Suite struct AKeyThatIsKnown {
    private static let key = APIKey(
        id: "wk_1", tenant: StoreBench.acme, name: "deploy", policy: .operator, createdAt: StoreBench.start, secretHash: [1])
    private let keys = KnownKeys()

    @Test func isReadOnce() async throws {
        _ = try await keys.key("wk_1") { Self.key }
        #expect(try await keys.key("wk_1") { nil } == Self.key)
    }

    @Test func isReadAgainOnceAnyKeyHasChanged() async throws {
        _ = try await keys.key("wk_1") { Self.key }
        await keys.forgetting {}
        #expect(try await keys.key("wk_1") { nil } == nil)
    }

    @Test func isReadAgainWhileAChangeIsBeingWritten() async throws {
        _ = try await keys.key("wk_1") { Self.key }
        let meanwhile = try await keys.forgetting { try await keys.key("wk_1") { nil } }
        #expect(meanwhile == nil)
    }

    @Test func isNotKeptWhenItWasReadBeforeAChangeThatHasHappenedMeanwhile() async throws {
        let read = try await keys.key("wk_1") {
            await keys.forgetting {}
            return Self.key
        }
        #expect(read == Self.key)
        #expect(try await keys.key("wk_1") { nil } == nil)
    }

    @Test func thatIsNotThereIsAskedForEachTime() async throws {
        #expect(try await keys.key("wk_1") { nil } == nil)
        #expect(try await keys.key("wk_1") { Self.key } == Self.key)
    }
}
