import Crypto
import WorkflowModel

/// Makes and opens page tokens. A token holds the place where the next page begins, sealed with an HMAC-SHA256 over the place and
/// the list that it belongs to (``PageList``), so that it opens no other list and cannot be altered. The key lives in the store, so
/// a token survives restarts and works on every node.
public struct PageTokenSealer: Sendable {
    /// The name of the key among the service's secrets, and its length in bytes.
    public static let secretName = "next-token"
    public static let secretLength = 32

    /// The first byte of a place.
    private static let version: UInt8 = 3
    private static let sealLength = 32
    private let key: SymmetricKey

    /// - Parameter secret: ``secretLength`` random bytes.
    public init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    /// - Parameter write: appends the place.
    func seal(in list: PageList, _ write: (inout [UInt8]) -> Void) -> String {
        var place = [Self.version]
        write(&place)
        place += seal(of: place[...], in: list)
        return Base64URL.encode(place)
    }

    /// - Returns: the place; nil for a token that was altered or made for another list.
    func open(_ token: String, in list: PageList) -> ArraySlice<UInt8>? {
        guard let bytes = Base64URL.decode(token), bytes.count > Self.sealLength else { return nil }
        let place = bytes.dropLast(Self.sealLength)
        guard SecretHash.constantTimeEqual(seal(of: place, in: list), Array(bytes.suffix(Self.sealLength))) else { return nil }
        return place.first == Self.version ? place.dropFirst() : nil
    }

    private func seal(of place: ArraySlice<UInt8>, in list: PageList) -> [UInt8] {
        var message: [UInt8] = []
        message.reserveCapacity(8 + place.count + list.bytes.count)
        message.append(part: place)
        message += list.bytes
        return Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    }
}

/// The list that a page token belongs to: an endpoint, a tenant, and what the request selects.
struct PageList {
    enum Endpoint: UInt8 {
        case runs = 1
        case ticks
        case runOutput
        case alerts
        case auditEvents
        case bulkOperations
        case bulkReceipts
        case firings
    }

    /// Every text begins with its length, so that no two lists have the same bytes.
    fileprivate private(set) var bytes: [UInt8] = []

    init(_ endpoint: Endpoint, of tenant: Tenant) {
        bytes.reserveCapacity(256)
        bytes.append(endpoint.rawValue)
        bytes.append(part: tenant.name.utf8)
    }

    mutating func add(_ sort: RunSort) {
        add("sort", sort.key.rawValue)
        add("order", sort.direction.rawValue)
    }

    /// - Parameter value: nil differs from every text.
    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        bytes.append(part: name.utf8)
        bytes.append(part: value.utf8)
    }

    mutating func add(_ name: String, _ instant: Timestamp) {
        add(name, instant.milliseconds)
    }

    mutating func add(_ name: String, _ number: Int64) {
        bytes.append(part: name.utf8)
        bytes.append(bigEndian: UInt64(bitPattern: number))
    }

    /// Adds what a filter says. States are added themselves, not as they were written: `Stopped` and `canceled` are the same filter.
    mutating func add(_ filter: RunFilter) {
        for field in RunFilterField.all {
            switch filter.value(of: field) {
            case nil: break
            case .dateTime(let instant): add(field.name, instant)
            case .duration(let duration): add(field.name, duration.milliseconds)
            case .count(let count): add(field.name, Int64(count))
            case .flag(let flag): add(field.name, flag ? 1 : 0)
            case .texts(let texts):
                bytes.append(part: field.name.utf8)
                bytes.append(bigEndian: UInt64(texts.count))
                for text in texts { bytes.append(part: text.utf8) }
            case .states(let states):
                bytes.append(part: field.name.utf8)
                bytes.append(bigEndian: UInt64(states.count))
                for state in RunState.allCases where states.contains(state) { bytes.append(part: state.rawValue.utf8) }
            }
        }
    }
}

extension [UInt8] {
    mutating func append(part: some Collection<UInt8>) {
        append(bigEndian: UInt64(part.count))
        append(contentsOf: part)
    }

    mutating func append(bigEndian value: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) { append(UInt8(truncatingIfNeeded: value >> shift)) }
    }
}

extension ArraySlice<UInt8> {
    /// Takes the next number of a place.
    mutating func nextNumber() -> Int64? {
        guard count >= 8 else { return nil }
        defer { self = dropFirst(8) }
        return Int64(bitPattern: prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }
}
