import Synchronization
import WorkflowAPI
package import WorkflowModel

/// Sets, decrypts and re-encrypts secrets. A process has one, so that no change meets a change of its keys.
package final class SecretVault: SecretSource {
    let store: any SecretStore & TenantStore
    /// nil for a node of a shared store without a key file.
    let file: SecretKeyFile?
    private let time: any TimeSource
    let random: any RandomSource
    let changes = OneAtATime()
    /// The values that attempts of this process got, oldest first.
    private let given = Mutex<[GivenSecret: [SecretValue]]>([:])
    /// The keys that were read last.
    private let keys = Mutex<SecretKeyring?>(nil)

    package init(
        store: any SecretStore & TenantStore, file: SecretKeyFile?, time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom()
    ) {
        self.store = store
        self.file = file
        self.time = time
        self.random = random
    }

    /// Encrypts a value and sets it under a name, in place of one with the same name.
    /// - Throws: ``APIError`` (400, 409, 503), `StoreError`.
    package func set(
        _ value: SecretValue, as name: String, by principal: Principal, of tenant: Tenant
    ) async throws -> TenantSecret {
        guard SecretRule.accepts(name: name) else {
            throw APIError.invalid("The name of the secret is not valid. Accepted: \(SecretRule.nameWords).")
        }
        return try await changes.run { [self] () async throws -> TenantSecret in
            let keys = try await keysForSetting()
            let sealed = SealedSecret(
                TenantSecret(name: name, setBy: principal, setAt: time.now),
                try keys.seal(value, as: name, of: tenant, random: random))
            guard let secret = try await store.setSecret(sealed, of: tenant) else {
                throw APIError(.conflict, "The tenant has \(SecretRule.most) secrets, the most it may have. Delete one first.")
            }
            return secret
        }
    }

    package func values(
        ofSecrets names: Set<ExactText>, of tenant: Tenant
    ) async throws -> [ExactText: SecretValue] {
        let sealed = try await store.sealedSecrets(named: names.map(\.text), of: tenant)
        guard !sealed.isEmpty else { return [:] }
        var keys = keys.withLock { $0 }
        // Another node, or an operator, may have changed the file.
        if keys == nil || sealed.contains(where: { keys?.has($0.value.key) == false }) {
            do {
                keys = try await readKeys()
            } catch let error as OperationError {
                throw SecretsUnavailable(error.message)
            }
        }
        var values: [ExactText: SecretValue] = [:]
        for one in sealed {
            guard let keys, keys.has(one.value.key) else { throw SecretsUnavailable(missingKey([one.value.key])) }
            guard let value = keys.open(one, of: tenant) else {
                throw SecretsUnavailable("The stored value of the secret \(one.secret.name) is damaged. Set it again.")
            }
            values[one.secret.name] = value
            remember(value, as: ExactText(one.secret.name), of: tenant)
        }
        return values
    }

    package func formerValues(ofSecrets names: Set<ExactText>, of tenant: Tenant) -> [SecretValue] {
        given.withLock { given in names.sorted().flatMap { given[GivenSecret(tenant: tenant, name: $0)] ?? [] } }
    }

    private func remember(_ value: SecretValue, as name: ExactText, of tenant: Tenant) {
        given.withLock { given in
            var known = given[GivenSecret(tenant: tenant, name: name), default: []]
            known.removeAll { $0 == value }
            known = known.suffix(SecretRule.remembered - 1) + [value]
            given[GivenSecret(tenant: tenant, name: name)] = known
        }
    }

    /// Why the node cannot decrypt the secrets in the store; nil when it can.
    package func complaint() async throws -> String? {
        let used = try await store.secretKeysOfAllTenants()
        guard !used.isEmpty else {
            // A file that cannot be used is a mistake all the same.
            if file?.isOwn == false { _ = try await readKeys() }
            return nil
        }
        let keys = try await readKeys()
        let missing = used.filter { keys?.has($0) != true }
        return missing.isEmpty ? nil : missingKey(missing)
    }

    // MARK: Keys

    /// The keys of the file, which is read again. The service's own file is created with a new key.
    private func keysForSetting() async throws -> SecretKeyring {
        guard let file else { throw APIError(.unavailable, Self.noFile) }
        let used = try await store.secretKeysOfAllTenants()
        let known = try await keysOrRefusal()
        let missing = used.filter { known?.has($0) != true }
        guard missing.isEmpty else { throw APIError(.unavailable, missingKey(missing)) }
        if let known { return known }
        let new = SecretKeyring([MasterKey(random: random)])
        try await write(new, to: file)
        return new
    }

    func keysOrRefusal() async throws -> SecretKeyring? {
        do {
            return try await readKeys()
        } catch let error as OperationError {
            throw APIError(.unavailable, error.message)
        }
    }

    func readKeys() async throws -> SecretKeyring? {
        guard let file else { return nil }
        let read = try await OwnThread.run { try file.read() }
        keys.withLock { $0 = read }
        return read
    }

    func write(_ keys: SecretKeyring, to file: SecretKeyFile) async throws {
        do {
            try await OwnThread.run { try file.write(keys) }
        } catch let error as OperationError {
            throw APIError(.unavailable, error.message)
        }
        self.keys.withLock { $0 = keys }
    }

    static let noFile = "This node has no key for secrets. Start all nodes with the same --secrets-key-file."

    func missingKey(_ ids: [String]) -> String {
        guard let file else { return Self.noFile }
        let keys = "\(ids.count == 1 ? "the key" : "keys") \(ids.sorted().joined(separator: ", "))"
        return file.isOwn
            ? "Secrets were encrypted with \(keys), which is not in \(file.path). Restore that file from a backup, or set the secrets again "
                + "after deleting them."
            : "Secrets were encrypted with \(keys), which is not in \(file.path). All nodes need the same --secrets-key-file."
    }
}

/// A secret that attempts have used.
private struct GivenSecret: Hashable {
    var tenant: Tenant
    var name: ExactText
}

/// Runs changes one after another.
actor OneAtATime {
    private var last: Task<Void, Never>?

    func run<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let former = last
        // The task keeps the actor of the audit log, which is task-local.
        let work = Task {
            await former?.value
            return try await body()
        }
        last = Task { _ = await work.result }
        return try await work.value
    }
}
