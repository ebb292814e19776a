import Testing
import WorkflowModel

extension StoreContract {
    private static func key(_ id: String, of tenant: Tenant = StoreBench.acme, policy: AccessPolicy = .viewer) -> APIKey {
        APIKey(
            id: id, tenant: tenant, name: "Key \(id)", policy: policy, createdAt: StoreBench.start,
            secretHash: Array(id.utf8) + [0, 255])
    }

    static let access: [Rule] = [
        Rule("Keys are found by id and listed in the order of their making") { bench in
            let keys = [
                key("z", policy: .admin), key("a", policy: .operator), key("m", of: StoreBench.globex),
            ]
            for key in keys { try await bench.store.createKey(key) }
            for key in keys { #expect(try await bench.store.keyOfAnyTenant(key.id) == key) }
            #expect(try await bench.store.keysOfAllTenants(only: nil) == keys)
            #expect(try await bench.store.keysOfAllTenants(only: StoreBench.acme) == Array(keys.prefix(2)))
            #expect(try await bench.store.keysOfAllTenants(only: StoreBench.tenant("nobody")).isEmpty)
            #expect(try await bench.store.keyOfAnyTenant("unknown") == nil)
        },
        Rule("The id of a key is taken once, whatever the tenant") { bench in
            try await bench.store.createKey(key("a"))
            await bench.expect(.duplicate) { try await bench.store.createKey(key("a", of: StoreBench.globex)) }
            #expect(try await bench.store.keyOfAnyTenant("a")?.tenant == StoreBench.acme)
        },
        Rule("A rotation deposes the secret before it") { bench in
            try await bench.store.createKey(key("a"))
            let once = try #require(
                try await bench.store.rotateKeyOfAnyTenant("a", secretHash: [1], at: StoreBench.after(1)))
            #expect(once.secretNumber == 2)
            #expect(once.secretHash == [1])
            #expect(once.deposedAt == StoreBench.after(1))
            let twice = try await bench.store.rotateKeyOfAnyTenant("a", secretHash: [2], at: StoreBench.after(2))
            #expect(twice?.secretNumber == 3)
            #expect(twice?.deposedAt == StoreBench.after(2))
            #expect(try await bench.store.keyOfAnyTenant("a") == twice)
            #expect(try await bench.store.rotateKeyOfAnyTenant("unknown", secretHash: [2], at: StoreBench.after(2)) == nil)
        },
        Rule("A deposed secret can be dropped alone, and a key altogether") { bench in
            try await bench.store.createKey(key("a"))
            #expect(try await bench.store.dropKeyOfAnyTenant("a", onlyDeposed: true) == false)
            _ = try await bench.store.rotateKeyOfAnyTenant("a", secretHash: [1], at: StoreBench.after(1))
            #expect(try await bench.store.dropKeyOfAnyTenant("a", onlyDeposed: true))
            let kept = try #require(try await bench.store.keyOfAnyTenant("a"))
            #expect(kept.deposedAt == nil)
            #expect(kept.secretNumber == 2)
            #expect(!kept.accepts(secretNumber: 1, at: StoreBench.after(2)))
            #expect(try await bench.store.dropKeyOfAnyTenant("a", onlyDeposed: false))
            #expect(try await bench.store.keyOfAnyTenant("a") == nil)
            #expect(try await bench.store.dropKeyOfAnyTenant("a", onlyDeposed: false) == false)
        },
        Rule("What a store says of a key to every request is never older than what was done to it there") { bench in
            #expect(try await bench.store.recentKeyOfAnyTenant("a") == nil)
            try await bench.store.createKey(key("a"))
            for secret in [UInt8(1), 2] {
                #expect(try await bench.store.recentKeyOfAnyTenant("a")?.secretNumber == Int(secret))
                let rotated = try await bench.store.rotateKeyOfAnyTenant("a", secretHash: [secret], at: StoreBench.after(1))
                #expect(try await bench.store.recentKeyOfAnyTenant("a") == rotated)
            }
            _ = try await bench.store.dropKeyOfAnyTenant("a", onlyDeposed: true)
            #expect(try await bench.store.recentKeyOfAnyTenant("a")?.deposedAt == nil)
            _ = try await bench.store.dropKeyOfAnyTenant("a", onlyDeposed: false)
            #expect(try await bench.store.recentKeyOfAnyTenant("a") == nil)
        },
        Rule("Settings are kept by tenant, and are the service's own until then") { bench in
            #expect(try await bench.store.settings(of: StoreBench.acme) == TenantSettings(tenant: StoreBench.acme))
            for limit in [50, 0, nil, 7] {
                let settings = TenantSettings(tenant: StoreBench.acme, rateLimit: limit)
                try await bench.store.saveSettings(settings)
                #expect(try await bench.store.settings(of: StoreBench.acme) == settings)
            }
            #expect(try await bench.store.settings(of: StoreBench.globex).rateLimit == nil)
        },
        Rule("Every tenant with a key, a run, a configuration or settings is listed by name, and no other") { bench in
            #expect(try await bench.store.allTenants().isEmpty)
            _ = try await bench.store.settings(of: StoreBench.tenant("asked-for"))
            _ = try await bench.store.runs(matching: RunQuery(tenant: StoreBench.tenant("looked-at")))
            try await bench.store.createKey(key("k", of: StoreBench.tenant("with-key")))
            _ = try await bench.store.importRuns(
                RunHistory(1, random: bench.random).imported, into: StoreBench.tenant("with-run"))
            _ = try await bench.store.saveConfiguration(
                bench.draft("cg-1", of: StoreBench.tenant("with-configuration"), text: "x"), at: StoreBench.start)
            try await bench.store.saveSettings(TenantSettings(tenant: StoreBench.tenant("with-settings"), rateLimit: 3))
            let listed = try await bench.store.allTenants()
            #expect(listed.map(\.tenant.name) == ["with-configuration", "with-key", "with-run", "with-settings"])
            #expect(listed.map(\.rateLimit) == [nil, nil, nil, 3])
            _ = try await bench.store.dropKeyOfAnyTenant("k", onlyDeposed: false)
            #expect(try await bench.store.allTenants().map(\.tenant.name).contains("with-key") == false)
        },
        Rule("The first to bring a secret of the service decides it") { bench in
            #expect(try await bench.store.serviceSecret("tokens", orElse: [1, 2]) == [1, 2])
            #expect(try await bench.store.serviceSecret("tokens", orElse: [3]) == [1, 2])
            #expect(try await bench.store.serviceSecret("pages", orElse: [3]) == [3])
            let answers = try await withThrowingTaskGroup(of: [UInt8].self) { group in
                for candidate in 0..<UInt8(10) {
                    group.addTask { try await bench.store.serviceSecret("raced", orElse: [candidate]) }
                }
                return try await group.reduce(into: Set()) { $0.insert($1) }
            }
            #expect(answers.count == 1)
        },
        Rule("A store that is there answers") { bench in
            try await bench.store.ping()
        },
    ]
}
