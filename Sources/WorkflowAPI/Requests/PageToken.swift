import Crypto
public import WorkflowModel

/// Makes and opens page tokens. A token holds the place where the next page begins, sealed with an HMAC-SHA256 over the place, the
/// tenant and the filters, so that it fits no other tenant or filters and cannot be altered. The key lives in the store, so it
/// survives restarts and works on every node.
public struct PageTokenSealer: Sendable {
    /// The name of the key among the service's secrets, and its length in bytes.
    public static let secretName = "next-token"
    public static let secretLength = 32

    private static let version: UInt8 = 1
    private static let sealLength = 32
    private let key: SymmetricKey

    /// - Parameter secret: ``secretLength`` random bytes.
    public init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    public func seal(_ cursor: RunCursor, filter: RunFilter, tenant: Tenant) -> String {
        let payload = Self.payload(of: cursor)
        return Base64URL.encode(payload + seal(of: payload, filter: filter, tenant: tenant))
    }

    /// - Returns: nil for a token that was altered, or made for another tenant or other filters.
    public func open(_ token: String, filter: RunFilter, tenant: Tenant) -> RunCursor? {
        guard let bytes = Base64URL.decode(token), bytes.count > Self.sealLength else { return nil }
        let payload = Array(bytes.dropLast(Self.sealLength))
        let expected = seal(of: payload, filter: filter, tenant: tenant)
        guard SecretHash.constantTimeEqual(expected, Array(bytes.suffix(Self.sealLength))) else { return nil }
        guard let cursor = Self.cursor(from: payload), cursor.order == filter.order else { return nil }
        return cursor
    }

    private func seal(of payload: [UInt8], filter: RunFilter, tenant: Tenant) -> [UInt8] {
        var message: [UInt8] = []
        func append(_ part: some Collection<UInt8>) {
            message.append(contentsOf: Self.bigEndian(UInt64(part.count)))
            message.append(contentsOf: part)
        }
        append(payload)
        append(tenant.name.utf8)
        for window in [filter.created, filter.ended] {
            append((window?.from.map { String($0.milliseconds) } ?? "-").utf8)
            append((window?.to.map { String($0.milliseconds) } ?? "-").utf8)
        }
        append((filter.state?.rawValue ?? "-").utf8)
        // Whether there is a type is told apart from what it is, because a type can be any text.
        append(filter.type == nil ? [0] : [1])
        append((filter.type ?? "").utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    }

    private static func payload(of cursor: RunCursor) -> [UInt8] {
        [version, cursor.order == .created ? 0 : 1] + bigEndian(UInt64(bitPattern: cursor.time.milliseconds))
            + Array(cursor.id.rawValue.utf8)
    }

    private static func cursor(from payload: [UInt8]) -> RunCursor? {
        guard payload.count > 10, payload[0] == version, payload[1] <= 1 else { return nil }
        let milliseconds = payload[2..<10].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let id = String(validating: payload[10...], as: UTF8.self) else { return nil }
        return RunCursor(
            order: payload[1] == 0 ? .created : .ended, time: Timestamp(milliseconds: Int64(bitPattern: milliseconds)),
            id: RunID(rawValue: id))
    }

    private static func bigEndian(_ value: UInt64) -> [UInt8] {
        stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> UInt64($0)) }
    }
}
