/// A message of PostgreSQL's protocol, version 3: a type, a length, a body.
struct PostgresMessage: Equatable {
    /// nil for the first message of a client, which has no type.
    var type: Character?
    /// The whole message as bytes.
    var bytes: [UInt8]

    /// The bytes after the length.
    var body: ArraySlice<UInt8> { bytes.dropFirst(type == nil ? 4 : 5) }

    /// The zero-terminated texts at the beginning of the body.
    func texts(_ count: Int) -> [String] {
        body.split(separator: 0, maxSplits: count, omittingEmptySubsequences: false).prefix(count)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

/// Splits a stream of bytes into messages.
struct PostgresMessages {
    /// Whether the next message is the first one of a client, which has no type.
    private var isFirst: Bool
    private var rest: [UInt8] = []

    init(ofClient: Bool) {
        isFirst = ofClient
    }

    /// - Returns: the messages that these bytes complete.
    mutating func add(_ bytes: some Collection<UInt8>) -> [PostgresMessage] {
        rest.append(contentsOf: bytes)
        var messages: [PostgresMessage] = []
        var start = 0
        while true {
            let header = isFirst ? 0 : 1
            guard rest.count - start >= header + 4 else { break }
            let length = rest[(start + header)..<(start + header + 4)].reduce(0) { $0 << 8 | Int($1) }
            let end = start + header + length
            guard rest.count >= end else { break }
            let type = isFirst ? nil : Character(Unicode.Scalar(rest[start]))
            messages.append(PostgresMessage(type: type, bytes: Array(rest[start..<end])))
            isFirst = false
            start = end
        }
        rest.removeFirst(start)
        return messages
    }
}
