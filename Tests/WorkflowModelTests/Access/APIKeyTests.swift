import Testing
import WorkflowModel

@Suite("Keys")
struct APIKeyTests {
    private static let rotation = Timestamp(milliseconds: 1_000_000)

    private static func key(secret: Int, rotatedAt: Timestamp?) throws -> APIKey {
        let tenant = try #require(Tenant("acme"))
        return APIKey(
            id: "k", tenant: tenant, name: "Key", policy: .operator, createdAt: Timestamp(milliseconds: 0), secretHash: [],
            secretNumber: secret, rotatedAt: rotatedAt)
    }

    @Test func aDeposedSecretCountsForThirtyDaysAndOlderOnesNeverAgain() throws {
        let key = try Self.key(secret: 3, rotatedAt: Self.rotation)
        let end = Self.rotation + .seconds(30 * 86_400)
        #expect(key.accepts(secretNumber: 3, at: end))
        #expect(key.accepts(secretNumber: 2, at: Self.rotation))
        #expect(key.accepts(secretNumber: 2, at: Timestamp(milliseconds: end.milliseconds - 1)))
        #expect(!key.accepts(secretNumber: 2, at: end))
        #expect(!key.accepts(secretNumber: 1, at: Self.rotation))
        #expect(!key.accepts(secretNumber: 4, at: Self.rotation))
        #expect(!key.accepts(secretNumber: 0, at: Self.rotation))
    }

    @Test func aDroppedDeposedSecretNoLongerCounts() throws {
        let key = try Self.key(secret: 2, rotatedAt: nil)
        #expect(key.accepts(secretNumber: 2, at: Self.rotation))
        #expect(!key.accepts(secretNumber: 1, at: Self.rotation))
    }

    @Test func aPolicyIncludesWhatItAllowsAndNoMore() {
        let included: [AccessPolicy: Set<AccessPolicy>] = [
            .viewer: [.viewer], .operator: [.viewer, .operator], .admin: Set(AccessPolicy.allCases), .issuer: [.issuer],
        ]
        for policy in AccessPolicy.allCases {
            for other in AccessPolicy.allCases {
                #expect(policy.includes(other) == included[policy]?.contains(other), "\(policy) \(other)")
            }
        }
        #expect(AccessPolicy.allCases.map(\.rawValue) == ["viewer", "operator", "admin", "issuer"])
    }

    @Test func whatAKeyDoesIsDoneInItsName() throws {
        #expect(try Self.key(secret: 1, rotatedAt: nil).principal == Principal(id: "k", name: "Key"))
    }
}
