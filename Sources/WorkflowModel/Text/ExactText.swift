/// A text that is compared by its bytes, for keys of dictionaries and members of sets.
///
/// Swift's strings are equal when Unicode calls them canonically equivalent: `é` as one scalar and as two, `K` and the Kelvin sign.
/// The stores, the wire and JSON compare bytes. With Swift's rule, two types would share a cache entry, a filter would match other
/// runs than the store, and members of an object would be merged. So dictionaries and sets of texts from outside use this key,
/// which a house rule enforces.
public struct ExactText: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
    public let text: String

    public init(_ text: String) {
        self.text = text
    }

    public init(stringLiteral text: String) {
        self.text = text
    }

    public static func == (left: ExactText, right: ExactText) -> Bool {
        left.text.isIdentical(to: right.text)
    }

    public func hash(into hasher: inout Hasher) {
        text.hashBytes(into: &hasher)
    }

    /// By bytes, as the stores sort.
    public static func < (left: ExactText, right: ExactText) -> Bool {
        left.text.precedesByBytes(right.text)
    }

    public var description: String { text }
}

/// A type whose values can be compared byte by byte, although its `==` is not.
public protocol ComparableByBytes: Sendable {
    func isIdentical(to other: Self) -> Bool
    func hashBytes(into hasher: inout Hasher)
}

extension String: ComparableByBytes {}
extension Substring: ComparableByBytes {}

extension String {
    /// The same as for every text. A generic call across modules takes several times as long.
    public func isIdentical(to other: String) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                UnsafeRawBufferPointer(left).elementsEqual(UnsafeRawBufferPointer(right))
            }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }
}

extension StringProtocol {
    public func isIdentical(to other: Self) -> Bool {
        let isSame = utf8.withContiguousStorageIfAvailable { left in
            other.utf8.withContiguousStorageIfAvailable { right in
                left.count == right.count && UnsafeRawBufferPointer(left).elementsEqual(UnsafeRawBufferPointer(right))
            }
        }
        return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
    }

    public func hashBytes(into hasher: inout Hasher) {
        let isHashed: Void? = utf8.withContiguousStorageIfAvailable { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        if isHashed == nil { for byte in utf8 { hasher.combine(byte) } }
        // No text contains this byte. It separates texts, so that other divisions of the same bytes hash differently.
        hasher.combine(UInt8(0xFF))
    }

    public func precedesByBytes(_ other: Self) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}

extension Optional: ComparableByBytes where Wrapped: ComparableByBytes {
    public func isIdentical(to other: Self) -> Bool {
        switch (self, other) {
        case (nil, nil): true
        case (let left?, let right?): left.isIdentical(to: right)
        default: false
        }
    }

    public func hashBytes(into hasher: inout Hasher) {
        hasher.combine(self == nil)
        self?.hashBytes(into: &hasher)
    }
}

extension Array: ComparableByBytes where Element: ComparableByBytes {
    public func isIdentical(to other: Self) -> Bool {
        count == other.count && zip(self, other).allSatisfy { $0.isIdentical(to: $1) }
    }

    public func hashBytes(into hasher: inout Hasher) {
        hasher.combine(count)
        for element in self { element.hashBytes(into: &hasher) }
    }
}

extension Sequence where Element: ComparableByBytes {
    public func containsExactly(_ element: Element) -> Bool {
        contains { $0.isIdentical(to: element) }
    }
}

/// A property that the synthesized `==` and `hash` of its type compare by bytes.
@propertyWrapper
@frozen
public struct Exact<Value: ComparableByBytes>: Hashable, Sendable {
    public var wrappedValue: Value

    @inlinable
    public init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }

    public static func == (left: Exact, right: Exact) -> Bool {
        left.wrappedValue.isIdentical(to: right.wrappedValue)
    }

    public func hash(into hasher: inout Hasher) {
        wrappedValue.hashBytes(into: &hasher)
    }
}

extension Dictionary where Key == ExactText {
    public subscript(text: String) -> Value? {
        get { self[ExactText(text)] }
        set { self[ExactText(text)] = newValue }
        _modify { yield &self[ExactText(text)] }
    }

    public subscript(text: String, default value: @autoclosure () -> Value) -> Value {
        get { self[ExactText(text), default: value()] }
        _modify { yield &self[ExactText(text), default: value()] }
    }
}

extension Set where Element == ExactText {
    public func contains(_ text: String) -> Bool {
        contains(ExactText(text))
    }

    /// - Returns: whether the text was new.
    @discardableResult
    public mutating func insert(_ text: String) -> Bool {
        insert(ExactText(text)).inserted
    }
}
