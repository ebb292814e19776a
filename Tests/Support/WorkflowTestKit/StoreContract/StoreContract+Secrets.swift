import Testing
import WorkflowModel

extension StoreContract {
    static let secrets: [Rule] = [
        Rule("A secret that is set again has the next version, the new value, and its new author") { bench in
            #expect(try await bench.store.secrets(of: StoreBench.acme).isEmpty)
            let first = try await bench.set("warehouse", [1, 2, 3], at: 1)
            #expect(try await bench.store.allTenants().map(\.tenant) == [StoreBench.acme])
            #expect(first == TenantSecret(name: "warehouse", version: 1, setBy: StoreBench.someone, setAt: StoreBench.after(1)))
            let ada = Principal(id: "wk_ada", name: "Ada", email: "ada@example.com")
            let second = try await bench.set("warehouse", [], key: "k2", by: ada, at: 2)
            #expect(second == TenantSecret(name: "warehouse", version: 2, setBy: ada, setAt: StoreBench.after(2)))
            #expect(try await bench.store.secrets(of: StoreBench.acme) == [second])
            let sealed = SealedSecret(second, SealedValue(key: "k2", bytes: []))
            #expect(try await bench.store.sealedSecrets(named: nil, of: StoreBench.acme) == [sealed])
            #expect(try await bench.store.deleteSecret(named: "warehouse", of: StoreBench.acme))
            #expect(try await bench.store.deleteSecret(named: "warehouse", of: StoreBench.acme) == false)
            #expect(try await bench.store.secrets(of: StoreBench.acme).isEmpty)
            #expect(try await bench.set("warehouse", [4], at: 3).version == 1)
        },
        Rule("Secrets are listed by name in the order of bytes, and found by their names") { bench in
            for name in ["b", "a-2", "B", "_x", "a_2"] { _ = try await bench.set(name, Array(name.utf8)) }
            let names = try await bench.store.secrets(of: StoreBench.acme).map(\.name)
            #expect(names == ["B", "_x", "a-2", "a_2", "b"])
            let found = try await bench.store.sealedSecrets(named: ["b", "none", "B", "a"], of: StoreBench.acme)
            #expect(found.map(\.secret.name) == ["B", "b"])
            #expect(found.map(\.value.bytes) == [Array("B".utf8), Array("b".utf8)])
            #expect(try await bench.store.sealedSecrets(named: [], of: StoreBench.acme).isEmpty)
        },
        Rule("Secrets belong to their tenant") { bench in
            _ = try await bench.set("mine", [1])
            #expect(try await bench.set("mine", [2], of: StoreBench.globex).version == 1)
            #expect(try await bench.store.sealedSecrets(named: ["mine"], of: StoreBench.globex).map(\.value.bytes) == [[2]])
            let former = SealedValue(key: "k1", bytes: [1])
            let stolen = ResealedSecret(name: "mine", from: former, to: SealedValue(key: "k2", bytes: [9]))
            #expect(try await bench.store.resealSecrets([stolen], of: StoreBench.globex) == 0)
            #expect(try await bench.store.deleteSecret(named: "mine", of: StoreBench.globex))
            #expect(try await bench.store.sealedSecrets(named: ["mine"], of: StoreBench.acme).map(\.value.bytes) == [[1]])
            let unknown = StoreBench.tenant("unknown")
            #expect(try await bench.store.secrets(of: unknown).isEmpty)
            #expect(try await bench.store.sealedSecrets(named: ["mine"], of: unknown).isEmpty)
            #expect(try await bench.store.deleteSecret(named: "mine", of: unknown) == false)
            #expect(try await bench.store.resealSecrets([stolen], of: unknown) == 0)
        },
        Rule("A tenant has a limited number of secrets; at the limit, one can be set again but none added") { bench in
            for number in 0..<SecretRule.most { _ = try await bench.set("s\(number)", [1]) }
            let another = bench.sealed("another", [1])
            #expect(try await bench.store.setSecret(another, of: StoreBench.acme) == nil)
            #expect(try await bench.set("s7", [2]).version == 2)
            #expect(try await bench.set("another", [1], of: StoreBench.globex).version == 1)
            #expect(try await bench.store.deleteSecret(named: "s8", of: StoreBench.acme))
            #expect(try await bench.set("another", [1]).version == 1)
            #expect(try await bench.store.secrets(of: StoreBench.acme).count == SecretRule.most)
        },
        Rule("Of concurrent requests to set secrets, no more than the limit succeed, and none shares a version") { bench in
            for number in 0..<SecretRule.most - 5 { _ = try await bench.set("s\(number)", [1]) }
            let set: Int = try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await bench.store.setSecret(bench.sealed("new\(number)", [1]), of: StoreBench.acme) != nil
                    }
                }
                return try await group.reduce(into: 0) { count, isSet in count += isSet ? 1 : 0 }
            }
            #expect(set == 5)
            let versions: [Int] = try await withThrowingTaskGroup(of: Int?.self) { group in
                for number in 0..<20 {
                    group.addTask {
                        try await bench.store.setSecret(bench.sealed("s1", [2, UInt8(number)]), of: StoreBench.acme)?.version
                    }
                }
                return try await group.reduce(into: []) { $0 += [$1 ?? 0] }
            }
            #expect(versions.sorted() == Array(2...21))
        },
        Rule("A new encryption replaces only the one that it was made from, and keeps version, author and time") { bench in
            let first = try await bench.set("a", [1], at: 1)
            _ = try await bench.set("b", [2], at: 2)
            func resealed(_ name: String, _ former: UInt8, _ new: UInt8) -> ResealedSecret {
                ResealedSecret(name: name, from: SealedValue(key: "k1", bytes: [former]), to: SealedValue(key: "k2", bytes: [new]))
            }
            #expect(try await bench.store.secretKeysOfAllTenants() == ["k1"])
            // Meanwhile, b was set, and c deleted.
            _ = try await bench.set("b", [3], at: 3)
            let count = try await bench.store.resealSecrets(
                [resealed("a", 1, 11), resealed("b", 2, 12), resealed("c", 3, 13)], of: StoreBench.acme)
            #expect(count == 1)
            let all = try await bench.store.sealedSecrets(named: nil, of: StoreBench.acme)
            #expect(all.map(\.value) == [SealedValue(key: "k2", bytes: [11]), SealedValue(key: "k1", bytes: [3])])
            #expect(all.first?.secret == first)
            #expect(try await bench.store.secretKeysOfAllTenants() == ["k1", "k2"])
        },
        Rule("Changes of secrets are recorded when something has changed, without any value") { bench in
            try await bench.actor().act {
                _ = try await bench.set("warehouse", [1])
                _ = try await bench.set("warehouse", [2])
                let change = ResealedSecret(
                    name: "warehouse", from: SealedValue(key: "k1", bytes: [2]), to: SealedValue(key: "k2", bytes: [3]))
                _ = try await bench.store.resealSecrets([change], of: StoreBench.acme)
                _ = try await bench.store.resealSecrets([change], of: StoreBench.acme)
                _ = try await bench.store.deleteSecret(named: "warehouse", of: StoreBench.acme)
                _ = try await bench.store.deleteSecret(named: "warehouse", of: StoreBench.acme)
            }
            #expect(try await bench.types() == [.secretSet, .secretSet, .secretsRekeyed, .secretDeleted])
            let objects = try await bench.events().map(\.object)
            #expect(
                Set(objects) == [
                    AuditObject("warehouse", name: "warehouse, version 1"), AuditObject("warehouse", name: "warehouse, version 2"),
                    AuditObject("acme", name: "1 secret"), AuditObject("warehouse"),
                ])
        },
    ]
}

extension StoreBench {
    func sealed(
        _ name: String, _ bytes: [UInt8], key: String = "k1", by principal: Principal = someone, at second: Int = 0
    ) -> SealedSecret {
        SealedSecret(
            TenantSecret(name: name, setBy: principal, setAt: Self.after(Double(second))), SealedValue(key: key, bytes: bytes))
    }

    /// Sets a secret that the tenant has room for.
    func set(
        _ name: String, _ bytes: [UInt8], key: String = "k1", by principal: Principal = someone, at second: Int = 0,
        of tenant: Tenant = acme
    ) async throws -> TenantSecret {
        try #require(
            try await store.setSecret(sealed(name, bytes, key: key, by: principal, at: second), of: tenant))
    }
}
