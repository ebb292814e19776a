import Foundation
import SQLiteStore
import Testing
import WorkflowAPI
import WorkflowModel
import WorkflowTestKit

@testable import WorkflowOperations

@Suite("Secrets")
struct SecretVaultTests {
    private static let acme = StoreBench.acme
    private static let ada = Principal(id: "wk_ada", name: "Ada")
    private static let password = try? SecretValue("correct horse")

    /// A data directory with its store.
    private struct Place: Sendable {
        var directory: String
        var store: SQLiteStore

        func vault(_ file: SecretKeyFile? = nil, seed: UInt64 = 7) -> SecretVault {
            SecretVault(
                store: store, file: file ?? SecretKeyFile(inDataDirectory: directory), time: TestClock(),
                random: SeededRandom(seed: seed))
        }

        var keyFile: String { "\(directory)/\(SecretKeyFile.name)" }
    }

    private func withPlace(_ test: (Place) async throws -> Void) async throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "weir-secrets-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let store = try SQLiteStore.open(directory: directory, time: SystemTime())
        do {
            try await test(Place(directory: directory, store: store))
        } catch {
            try? await store.close()
            throw error
        }
        try await store.close()
    }

    private func value(_ vault: SecretVault, _ name: String = "warehouse", of tenant: Tenant = acme) async throws -> String? {
        try await vault.values(ofSecrets: [ExactText(name)], of: tenant)[ExactText(name)]?.text
    }

    @Test("that were set again or deleted are remembered as former values, the latest ones of those that were used")
    func formerValues() async throws {
        try await withPlace { place in
            let vault = place.vault()
            let names: Set<ExactText> = ["warehouse"]
            func former() -> [String] { vault.formerValues(ofSecrets: names, of: Self.acme).map(\.text) }
            for number in 1...SecretRule.remembered + 2 {
                let value = try SecretValue("correct horse \(number)")
                _ = try await vault.set(value, as: "warehouse", by: Self.ada, of: Self.acme)
                // Nothing has used the second one.
                if number != 2 { #expect(try await self.value(vault) == value.text) }
            }
            #expect(former() == (3...SecretRule.remembered + 2).map { "correct horse \($0)" })
            #expect(vault.formerValues(ofSecrets: ["other"], of: Self.acme).isEmpty)
            #expect(vault.formerValues(ofSecrets: names, of: StoreBench.globex).isEmpty)
        }
    }

    @Test("are encrypted in the store, and decrypted by another process with the same key file")
    func life() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let vault = place.vault()
            #expect(try await vault.set(password, as: "warehouse", by: Self.ada, of: Self.acme).version == 1)
            #expect(try await value(vault) == "correct horse")
            #expect(try await value(place.vault()) == "correct horse")
            #expect(try await value(vault, "other") == nil)
            let stored = try #require(try await place.store.sealedSecrets(named: nil, of: Self.acme).first)
            #expect(!Data(stored.value.bytes).contains(Data("horse".utf8)))
            // 12 bytes of nonce and 16 of tag.
            #expect(stored.value.bytes.count == 28 + 13)
            // The same value is encrypted in another way each time.
            #expect(try await vault.set(password, as: "warehouse", by: Self.ada, of: Self.acme).version == 2)
            #expect(try await place.store.sealedSecrets(named: nil, of: Self.acme).first?.value.bytes != stored.value.bytes)
            #expect(try await vault.findings().isEmpty)
            #expect(try await vault.complaint() == nil)
        }
    }

    @Test("have a key file that only its owner may read")
    func permissions() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let vault = place.vault()
            _ = try await vault.set(password, as: "warehouse", by: Self.ada, of: Self.acme)
            let attributes = try FileManager.default.attributesOfItem(atPath: place.keyFile)
            #expect(attributes[.posixPermissions] as? Int == 0o600)
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: place.directory).contains("\(SecretKeyFile.name).new") == false)
            for mode in [0o640, 0o604, 0o620] {
                try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.keyFile)
                let fresh = place.vault()
                let error = await #expect(throws: SecretsUnavailable.self) { try await value(fresh) }
                #expect(error?.message.contains("can be read by other users") == true)
                let refused = await #expect(throws: APIError.self) {
                    try await fresh.set(password, as: "warehouse", by: Self.ada, of: Self.acme)
                }
                #expect(refused?.kind == .unavailable)
            }
            try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: place.keyFile)
            #expect(try await value(place.vault()) == "correct horse")
        }
    }

    @Test("are not decrypted after they were copied to another name or tenant, or changed")
    func tampering() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let vault = place.vault()
            _ = try await vault.set(password, as: "warehouse", by: Self.ada, of: Self.acme)
            let stored = try #require(try await place.store.sealedSecrets(named: nil, of: Self.acme).first).value
            func copy(_ value: SealedValue, _ name: String, _ tenant: Tenant) async throws {
                let copied = SealedSecret(TenantSecret(name: name, setBy: Self.ada, setAt: StoreBench.start), value)
                _ = try await place.store.setSecret(copied, of: tenant)
            }
            try await copy(stored, "copied", Self.acme)
            try await copy(stored, "warehouse", StoreBench.globex)
            var changed = stored
            changed.bytes[20] ^= 1
            try await copy(changed, "changed", Self.acme)
            try await copy(SealedValue(key: stored.key, bytes: [1, 2]), "short", Self.acme)
            for (name, tenant) in [
                ("copied", Self.acme), ("warehouse", StoreBench.globex), ("changed", Self.acme), ("short", Self.acme),
            ] {
                let error = await #expect(throws: SecretsUnavailable.self) { try await value(vault, name, of: tenant) }
                #expect(error?.message == "The stored value of the secret \(name) is damaged. Set it again.")
            }
            let findings = try await vault.findings()
            #expect(findings.map(\.places) == [4] && findings.map(\.subject) == [.secrets] && findings.map(\.remedy) == [.lasting])
            #expect(findings.first?.message.contains("acme/changed, acme/copied, acme/short, globex/warehouse") == true)
        }
    }

    @Test("of a node with another key file are neither decrypted nor set, and both say so")
    func otherKey() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let file = "\(place.directory)/given"
            func write(_ lines: [String]) throws {
                try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: file))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            }
            let (first, second) = (
                Data(repeating: 1, count: 32).base64EncodedString(), Data(repeating: 2, count: 32).base64EncodedString()
            )
            try write(["# of the first node", first])
            let node = place.vault(SecretKeyFile(given: file))
            _ = try await node.set(password, as: "warehouse", by: Self.ada, of: Self.acme)
            try write([second])
            let other = place.vault(SecretKeyFile(given: file))
            let error = await #expect(throws: SecretsUnavailable.self) { try await value(other) }
            #expect(error?.message.contains("All nodes need the same --secrets-key-file.") == true)
            #expect(try await other.complaint()?.contains("All nodes need the same --secrets-key-file.") == true)
            let refused = await #expect(throws: APIError.self) {
                try await other.set(password, as: "another", by: Self.ada, of: Self.acme)
            }
            #expect(refused?.kind == .unavailable && refused?.message.contains("All nodes need the same") == true)
            #expect(try await other.findings().map(\.places) == [1])
            // A node that has read the keys before reads the file again when it meets an unknown one.
            try write([second, first])
            #expect(try await value(other) == "correct horse")
            _ = try await other.set(password, as: "another", by: Self.ada, of: Self.acme)
            #expect(try await value(node, "another") == "correct horse")
            // Without a file, a node says what it needs.
            let none = SecretVault(store: place.store, file: nil)
            #expect(try await none.complaint()?.contains("--secrets-key-file") == true)
            let nothing = await #expect(throws: SecretsUnavailable.self) { try await value(none) }
            #expect(nothing?.message.contains("--secrets-key-file") == true)
        }
    }

    @Test(
        "need a valid key file",
        arguments: ["", "\n# only a note\n", "short", Data(repeating: 1, count: 31).base64EncodedString(), "AA==\n", "\u{FF}\u{0}"])
    func invalidFile(text: String) async throws {
        try await withPlace { place in
            let file = "\(place.directory)/given"
            try Data(text.utf8).write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
            let vault = place.vault(SecretKeyFile(given: file))
            let error = await #expect(throws: OperationError.self) { try await vault.complaint() }
            #expect(error?.code == .malformed)
            let missing = place.vault(SecretKeyFile(given: file + "2"))
            let gone = await #expect(throws: OperationError.self) { try await missing.complaint() }
            #expect(gone?.code == .unreadable && gone?.message.contains("openssl rand -base64 32") == true)
        }
    }

    @Test("are encrypted under a new key, and the old one is gone")
    func rekeying() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let vault = place.vault()
            #expect(try await vault.rekey() == RekeyReport())
            for tenant in [Self.acme, StoreBench.globex] {
                for name in ["a", "b"] { _ = try await vault.set(password, as: name, by: Self.ada, of: tenant) }
            }
            let before = try await place.store.secretKeysOfAllTenants()
            let report = try await vault.rekey()
            #expect(report.changed == 4 && report.unreadable.isEmpty && report.idleKeys.isEmpty)
            #expect(try await place.store.secretKeysOfAllTenants() == [report.key] && before != [report.key])
            #expect(try String(contentsOfFile: place.keyFile, encoding: .utf8).split(separator: "\n").count == 1)
            let fresh = place.vault()
            #expect(try await value(fresh, "b", of: StoreBench.globex) == "correct horse")
            #expect(try await fresh.findings().isEmpty)
            #expect(try await place.store.secrets(of: Self.acme).map(\.version) == [1, 1])
        }
    }

    @Test("that cannot be decrypted stay as they are when the key changes, and are named")
    func rekeyingUnreadable() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let vault = place.vault()
            _ = try await vault.set(password, as: "a", by: Self.ada, of: Self.acme)
            let lost = SealedSecret(
                TenantSecret(name: "lost", setBy: Self.ada, setAt: StoreBench.start), SealedValue(key: "gone", bytes: [1]))
            _ = try await place.store.setSecret(lost, of: Self.acme)
            let report = try await vault.rekey()
            #expect(report.changed == 1 && report.unreadable == ["acme/lost"])
            #expect(try await place.store.sealedSecrets(named: ["lost"], of: Self.acme).first?.value == lost.value)
            #expect(try await value(vault, "a") == "correct horse")
        }
    }

    @Test("of an operator's file are encrypted under its first key, and the file stays as it is")
    func rekeyingGiven() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let file = "\(place.directory)/given"
            let keys = [1, 2].map { Data(repeating: $0, count: 32).base64EncodedString() }
            func write(_ text: String) throws {
                try Data(text.utf8).write(to: URL(filePath: file))
                try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: file)
            }
            try write(keys[0])
            let vault = place.vault(SecretKeyFile(given: file))
            _ = try await vault.set(password, as: "a", by: Self.ada, of: Self.acme)
            let old = try await place.store.secretKeysOfAllTenants()
            try FileManager.default.removeItem(atPath: file)
            try write("\(keys[1])\n\(keys[0])")
            let report = try await vault.rekey()
            #expect(report.changed == 1 && report.idleKeys == old && report.key != old.first)
            #expect(try String(contentsOfFile: file, encoding: .utf8) == "\(keys[1])\n\(keys[0])")
            #expect(try await vault.rekey().changed == 0)
        }
    }

    @Test("a lost key file is not replaced while secrets need it")
    func lostFile() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            _ = try await place.vault().set(password, as: "a", by: Self.ada, of: Self.acme)
            try FileManager.default.removeItem(atPath: place.keyFile)
            let vault = place.vault()
            for change in [
                { try await _ = vault.set(password, as: "b", by: Self.ada, of: Self.acme) }, { try await _ = vault.rekey() },
            ] as [() async throws -> Void] {
                let error = await #expect(throws: APIError.self) { try await change() }
                #expect(error?.message.contains("Restore that file from a backup") == true)
            }
            #expect(!FileManager.default.fileExists(atPath: place.keyFile))
            #expect(try await vault.findings().map(\.places) == [1])
            // Deleting what nothing opens makes room for a new key.
            _ = try await place.store.deleteSecret(named: "a", of: Self.acme)
            #expect(try await vault.set(password, as: "b", by: Self.ada, of: Self.acme).version == 1)
        }
    }

    @Test("that are set while the key changes can be decrypted afterwards")
    func concurrentChanges() async throws {
        let password = try #require(Self.password)
        try await withPlace { place in
            let vault = place.vault()
            _ = try await vault.set(password, as: "first", by: Self.ada, of: Self.acme)
            try await withThrowingTaskGroup { group in
                for number in 0..<20 {
                    group.addTask { _ = try await vault.set(password, as: "s\(number)", by: Self.ada, of: Self.acme) }
                    if number % 5 == 0 { group.addTask { _ = try await vault.rekey() } }
                }
                try await group.waitForAll()
            }
            #expect(try await place.vault().findings().isEmpty)
            #expect(try await place.store.secrets(of: Self.acme).count == 21)
        }
    }
}
