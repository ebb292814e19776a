import WorkflowAPI
package import WorkflowModel

extension SecretVault {
    /// Encrypts all secrets under the first key of the file. The service's own file gets a new one before, and loses keys that open
    /// nothing any longer; an operator's file stays as it is.
    ///
    /// An interruption loses nothing: until the end, the file has the old keys, too.
    package func rekey() async throws -> RekeyReport {
        try await changes.run { try await self.changeKey() }
    }

    private func changeKey() async throws -> RekeyReport {
        guard let file else { throw APIError(.unavailable, Self.noFile) }
        guard var keys = try await keysOrRefusal() else {
            let used = try await store.secretKeysOfAllTenants()
            guard used.isEmpty else { throw APIError(.unavailable, missingKey(used)) }
            return RekeyReport()
        }
        if file.isOwn {
            keys.keys.insert(MasterKey(random: random), at: 0)
            try await write(keys, to: file)
        }
        var report = try await reseal(under: keys)
        let used = try await store.secretKeysOfAllTenants()
        let current = keys.keys[0]
        let idle = keys.keys.filter { $0 != current && !used.contains($0.id) }
        if file.isOwn {
            keys.keys.removeAll(where: idle.contains)
            try await write(keys, to: file)
        } else {
            report.idleKeys = idle.map(\.id)
        }
        report.key = current.id
        return report
    }

    private func reseal(under keys: SecretKeyring) async throws -> RekeyReport {
        var report = RekeyReport()
        for tenant in try await store.allTenants().map(\.tenant) {
            var changed: [ResealedSecret] = []
            for one in try await store.sealedSecrets(named: nil, of: tenant) where one.value.key != keys.keys[0].id {
                guard let value = keys.open(one, of: tenant) else {
                    report.unreadable.append("\(tenant.name)/\(one.secret.name)")
                    continue
                }
                let name = one.secret.name
                changed.append(
                    ResealedSecret(name: name, from: one.value, to: try keys.seal(value, as: name, of: tenant, random: random)))
            }
            if !changed.isEmpty { report.changed += try await store.resealSecrets(changed, of: tenant) }
        }
        return report
    }

    /// Secrets that cannot be decrypted.
    package func findings() async throws -> [StoreFinding] {
        guard try await !store.secretKeysOfAllTenants().isEmpty else { return [] }
        let keys: SecretKeyring?
        do {
            keys = try await readKeys()
        } catch let error as OperationError {
            return [StoreFinding(.secrets, places: 1, error.message, remedy: .lasting)]
        }
        var names: [String] = []
        for tenant in try await store.allTenants().map(\.tenant) {
            for one in try await store.sealedSecrets(named: nil, of: tenant) where keys?.open(one, of: tenant) == nil {
                names.append("\(tenant.name)/\(one.secret.name)")
            }
        }
        guard !names.isEmpty else { return [] }
        let words = RekeyReport.listed(names)
        let place = file.map { "the keys in \($0.path)" } ?? "the keys of this node"
        return [
            StoreFinding(
                .secrets, places: names.count, "Secrets that \(place) cannot decrypt: \(words).", remedy: .lasting)
        ]
    }
}

/// The result of a change of the key.
package struct RekeyReport: Hashable, Sendable {
    /// Names in a message.
    static let mostNames = 10

    /// Secrets that were encrypted under the new key.
    package var changed = 0
    /// The id of the key that encrypts from now on; nil when there is no secret yet, and so no key.
    package var key: String?
    /// Secrets that could not be decrypted: `TENANT/NAME`.
    package var unreadable: [String] = []
    /// The ids of keys in an operator's file that open no secret any longer.
    package var idleKeys: [String] = []

    package init() {}

    package static func listed(_ names: [String]) -> String {
        let shown = names.prefix(mostNames).joined(separator: ", ")
        return names.count > mostNames ? "\(shown) and \(names.count - mostNames) more" : shown
    }
}
