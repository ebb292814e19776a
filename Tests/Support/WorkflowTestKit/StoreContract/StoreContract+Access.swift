import Testing
import WorkflowModel

extension StoreContract {
    private static func key(_ id: String, of tenant: Tenant = StoreBench.acme, policy: AccessPolicy = .viewer) -> APIKey {
        APIKey(
            id: id, tenant: tenant, name: "Key \(id)", policy: policy, createdAt: StoreBench.start,
            secretHash: Array(id.utf8) + [0, 255])
    }

    static let access: [Rule] = [
        Rule("Keys are found by id and listed in the order of creation") { bench in
            let keys = [
                key("z", policy: .admin), key("a", policy: .operator), key("m", of: StoreBench.globex),
                key("i", of: StoreBench.globex, policy: .issuer),
            ]
            for key in keys { try await bench.store.createKey(key) }
            for key in keys { #expect(try await bench.store.key(key.id) == key) }
            #expect(try await bench.store.keys(of: nil) == keys)
            #expect(try await bench.store.keys(of: StoreBench.acme) == Array(keys.prefix(2)))
            #expect(try await bench.store.keys(of: StoreBench.tenant("nobody")).isEmpty)
            #expect(try await bench.store.key("unknown") == nil)
        },
        Rule("The id of a key is unique across tenants") { bench in
            try await bench.store.createKey(key("a"))
            await bench.expect(.duplicate) { try await bench.store.createKey(key("a", of: StoreBench.globex)) }
            #expect(try await bench.store.key("a")?.tenant == StoreBench.acme)
        },
        Rule("A rotation replaces the secret and keeps the previous one") { bench in
            try await bench.store.createKey(key("a"))
            let once = try #require(
                try await bench.store.rotateKey("a", secretHash: [1], at: StoreBench.after(1)))
            #expect(once.secretNumber == 2)
            #expect(once.secretHash == [1])
            #expect(once.rotatedAt == StoreBench.after(1))
            let twice = try await bench.store.rotateKey("a", secretHash: [2], at: StoreBench.after(2))
            #expect(twice?.secretNumber == 3)
            #expect(twice?.rotatedAt == StoreBench.after(2))
            #expect(try await bench.store.key("a") == twice)
            #expect(try await bench.store.rotateKey("unknown", secretHash: [2], at: StoreBench.after(2)) == nil)
        },
        Rule("A previous secret can be removed, and so can a key") { bench in
            try await bench.store.createKey(key("a"))
            #expect(try await bench.store.deleteKey("a", onlyPreviousSecret: true) == false)
            _ = try await bench.store.rotateKey("a", secretHash: [1], at: StoreBench.after(1))
            #expect(try await bench.store.deleteKey("a", onlyPreviousSecret: true))
            let kept = try #require(try await bench.store.key("a"))
            #expect(kept.rotatedAt == nil)
            #expect(kept.secretNumber == 2)
            #expect(!kept.accepts(secretNumber: 1, at: StoreBench.after(2)))
            #expect(try await bench.store.deleteKey("a", onlyPreviousSecret: false))
            #expect(try await bench.store.key("a") == nil)
            #expect(try await bench.store.deleteKey("a", onlyPreviousSecret: false) == false)
        },
        Rule("A key read for a request includes every earlier change made through the same store") { bench in
            #expect(try await bench.store.recentKey("a") == nil)
            try await bench.store.createKey(key("a"))
            for secret in [UInt8(1), 2] {
                #expect(try await bench.store.recentKey("a")?.secretNumber == Int(secret))
                let rotated = try await bench.store.rotateKey("a", secretHash: [secret], at: StoreBench.after(1))
                #expect(try await bench.store.recentKey("a") == rotated)
            }
            _ = try await bench.store.deleteKey("a", onlyPreviousSecret: true)
            #expect(try await bench.store.recentKey("a")?.rotatedAt == nil)
            _ = try await bench.store.deleteKey("a", onlyPreviousSecret: false)
            #expect(try await bench.store.recentKey("a") == nil)
        },
        Rule("Settings are stored per tenant; the service's defaults apply until then") { bench in
            #expect(try await bench.store.settings(of: StoreBench.acme) == TenantSettings(tenant: StoreBench.acme))
            for limit in [50, 0, nil, 7] {
                let settings = TenantSettings(tenant: StoreBench.acme, rateLimit: limit)
                try await bench.store.saveSettings(settings)
                #expect(try await bench.store.settings(of: StoreBench.acme) == settings)
            }
            #expect(try await bench.store.settings(of: StoreBench.globex).rateLimit == nil)
        },
        Rule("Exactly the tenants with a key, a run, a configuration or settings are listed, by name") { bench in
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
            _ = try await bench.store.deleteKey("k", onlyPreviousSecret: false)
            #expect(try await bench.store.allTenants().map(\.tenant.name).contains("with-key") == false)
        },
        Rule("The first secret stored for the service wins") { bench in
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
        Rule("A reachable store answers") { bench in
            try await bench.store.ping()
        },
    ]
}
