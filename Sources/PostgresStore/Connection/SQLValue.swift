import WorkflowModel

/// The types of what is bound, by their numbers in PostgreSQL's catalog (`pg_type.dat`), which are for ever.
enum SQLType: UInt32 {
    case bool = 16
    case bytes = 17
    case int8 = 20
    case text = 25
    case bools = 1000
    case byteArrays = 1001
    case texts = 1009
    case int8s = 1016

    var array: SQLType {
        switch self {
        case .bool: .bools
        case .bytes: .byteArrays
        case .int8: .int8s
        case .text: .texts
        case .bools, .byteArrays, .texts, .int8s: self
        }
    }
}

/// A column of a row.
struct SQLField {
    /// nil for NULL. Valid for as long as the result that it came with.
    var bytes: UnsafeRawBufferPointer?

    func present() throws -> UnsafeRawBufferPointer {
        guard let bytes else { throw StoreError.unreadable("nothing where something has to be") }
        return bytes
    }
}

/// What a statement can be given and a row can hold, in PostgreSQL's binary form.
protocol SQLValue {
    static var type: SQLType { get }
    /// Appends its bytes.
    /// - Returns: false for NULL, which has none.
    func write(to bytes: inout [UInt8]) -> Bool
    /// - Throws: ``StoreError/Code/damaged`` when the column holds what it never should.
    init(_ field: SQLField) throws
}

/// Whole numbers are bound with eight bytes and read with as many as the column has.
extension Int64: SQLValue {
    static var type: SQLType { .int8 }

    func write(to bytes: inout [UInt8]) -> Bool {
        withUnsafeBytes(of: bigEndian) { bytes.append(contentsOf: $0) }
        return true
    }

    init(_ field: SQLField) throws {
        let bytes = try field.present()
        let negative: Int64 = (bytes.first ?? 0) & 0x80 == 0 ? 0 : -1
        self = bytes.reduce(negative) { $0 << 8 | Int64($1) }
    }
}

extension Int: SQLValue {
    static var type: SQLType { .int8 }

    func write(to bytes: inout [UInt8]) -> Bool {
        Int64(self).write(to: &bytes)
    }

    init(_ field: SQLField) throws {
        self = Int(try Int64(field))
    }
}

extension Bool: SQLValue {
    static var type: SQLType { .bool }

    func write(to bytes: inout [UInt8]) -> Bool {
        bytes.append(self ? 1 : 0)
        return true
    }

    init(_ field: SQLField) throws {
        self = try field.present().first == 1
    }
}

/// PostgreSQL's texts hold every character but NUL. So that nothing is refused or cut that came as a text, U+0000 is kept as
/// U+0001 and `0`, and U+0001 as U+0001 and `1`; texts compare as they did before.
extension String: SQLValue {
    static var type: SQLType { .text }

    private static let mark: UInt8 = 1

    func write(to bytes: inout [UInt8]) -> Bool {
        var text = self
        text.withUTF8 { characters in
            guard characters.contains(where: { $0 <= Self.mark }) else {
                bytes.append(contentsOf: characters)
                return
            }
            for character in characters {
                if character <= Self.mark {
                    bytes.append(Self.mark)
                    bytes.append(UInt8(ascii: "0") + character)
                } else {
                    bytes.append(character)
                }
            }
        }
        return true
    }

    init(_ field: SQLField) throws {
        let bytes = try field.present()
        guard bytes.contains(Self.mark) else {
            self = String(decoding: bytes, as: UTF8.self)
            return
        }
        var characters: [UInt8] = []
        characters.reserveCapacity(bytes.count)
        var isMarked = false
        for byte in bytes {
            if isMarked {
                characters.append(byte == UInt8(ascii: "0") ? 0 : Self.mark)
                isMarked = false
            } else if byte == Self.mark {
                isMarked = true
            } else {
                characters.append(byte)
            }
        }
        self = String(decoding: characters, as: UTF8.self)
    }
}

extension [UInt8]: SQLValue {
    static var type: SQLType { .bytes }

    func write(to bytes: inout [UInt8]) -> Bool {
        bytes.append(contentsOf: self)
        return true
    }

    init(_ field: SQLField) throws {
        self = Array(try field.present())
    }
}

extension Optional: SQLValue where Wrapped: SQLValue {
    static var type: SQLType { Wrapped.type }

    func write(to bytes: inout [UInt8]) -> Bool {
        self?.write(to: &bytes) ?? false
    }

    init(_ field: SQLField) throws {
        self = field.bytes == nil ? nil : try Wrapped(field)
    }
}

extension Timestamp: SQLValue {
    static var type: SQLType { .int8 }

    func write(to bytes: inout [UInt8]) -> Bool {
        milliseconds.write(to: &bytes)
    }

    init(_ field: SQLField) throws {
        self.init(milliseconds: try Int64(field))
    }
}

/// Whole milliseconds.
extension Duration: SQLValue {
    static var type: SQLType { .int8 }

    func write(to bytes: inout [UInt8]) -> Bool {
        milliseconds.write(to: &bytes)
    }

    init(_ field: SQLField) throws {
        self = .milliseconds(try Int64(field))
    }
}

extension JSONText: SQLValue {
    static var type: SQLType { .text }

    func write(to bytes: inout [UInt8]) -> Bool {
        text.write(to: &bytes)
    }

    init(_ field: SQLField) throws {
        self.init(validated: try String(field))
    }
}

/// Ids and names: their text.
extension SQLValue where Self: RawRepresentable, RawValue == String {
    static var type: SQLType { .text }

    func write(to bytes: inout [UInt8]) -> Bool {
        rawValue.write(to: &bytes)
    }

    init(_ field: SQLField) throws {
        let text = try String(field)
        guard let value = Self(rawValue: text) else { throw StoreError.unreadable("the word \"\(text)\"") }
        self = value
    }
}

extension RunID: SQLValue {}
extension TaskID: SQLValue {}
extension ConfigurationVersionID: SQLValue {}
extension RunMode: SQLValue {}
extension Attribution: SQLValue {}
extension AccessPolicy: SQLValue {}
extension ConfigurationSource.Format: SQLValue {}
