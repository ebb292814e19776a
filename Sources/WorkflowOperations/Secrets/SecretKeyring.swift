import Crypto
import Foundation
import WorkflowModel

/// A key that encrypts secrets.
struct MasterKey: Hashable, Sendable {
    static let bytes = 32

    let secret: [UInt8]
    /// Names the key in the store, and does not tell it.
    let id: String

    init(_ secret: [UInt8]) {
        self.secret = secret
        let hash = SHA256.hash(data: Array("weir secrets key\n".utf8) + secret)
        id = hash.prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    init(random: any RandomSource) {
        self.init(random.bytes(Self.bytes))
    }
}

/// The keys of a key file. The first one encrypts, all of them decrypt.
struct SecretKeyring: Hashable, Sendable {
    var keys: [MasterKey]

    /// - Parameter keys: at least one.
    init(_ keys: [MasterKey]) {
        self.keys = keys
    }

    /// Reads a key file: one key per line, 32 bytes in base64. Empty lines, and those that begin with `#`, are skipped.
    /// - Returns: nil for any other text.
    init?(text: String) {
        var keys: [MasterKey] = []
        for line in text.split(whereSeparator: \.isNewline) {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let secret = Data(base64Encoded: line), secret.count == MasterKey.bytes else { return nil }
            let key = MasterKey(Array(secret))
            if !keys.contains(key) { keys.append(key) }
        }
        guard !keys.isEmpty else { return nil }
        self.init(keys)
    }

    /// As a key file.
    var text: String {
        keys.map { Data($0.secret).base64EncodedString() + "\n" }.joined()
    }

    var ids: [String] { keys.map(\.id) }

    func has(_ id: String) -> Bool { keys.contains { $0.id == id } }
}

/// Encrypts and decrypts with AES-256-GCM (NIST SP 800-38D), with a random nonce for each value.
///
/// Tenant and name are authenticated: a value that is copied to another secret is not decrypted.
extension SecretKeyring {
    func seal(
        _ value: SecretValue, as name: String, of tenant: Tenant, random: any RandomSource
    ) throws -> SealedValue {
        let key = keys[0]
        let box = try AES.GCM.seal(
            Array(value.text.utf8), using: SymmetricKey(data: key.secret), nonce: AES.GCM.Nonce(data: random.bytes(12)),
            authenticating: Self.place(of: name, tenant))
        return SealedValue(key: key.id, bytes: Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
    }

    /// - Returns: nil when the key is missing, or the value has been changed.
    func open(_ sealed: SealedSecret, of tenant: Tenant) -> SecretValue? {
        guard let key = keys.first(where: { $0.id == sealed.value.key }),
            let box = try? AES.GCM.SealedBox(combined: sealed.value.bytes),
            let bytes = try? AES.GCM.open(
                box, using: SymmetricKey(data: key.secret), authenticating: Self.place(of: sealed.secret.name, tenant)),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        return try? SecretValue(text)
    }

    /// Neither part contains a line break.
    private static func place(of name: String, _ tenant: Tenant) -> [UInt8] {
        Array("weir secret 1\n\(tenant.name)\n\(name)".utf8)
    }
}
