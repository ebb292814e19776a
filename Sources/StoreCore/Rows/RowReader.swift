/// Reads the columns of a row from left to right, in the order in which the statement names them.
///
/// Each store reads its rows through a type of its own. All decoders are inlinable: the compiler specializes them for that type
/// where they are called, so that a row costs no dynamic calls.
public protocol RowReader {
    /// Whether the next column is NULL. Does not go on to the column after it.
    var isNull: Bool { get }
    mutating func skip()
    /// The next column, which is not NULL.
    mutating func integer() throws -> Int64
    mutating func flag() throws -> Bool
    mutating func text() throws -> String
    mutating func bytes() throws -> [UInt8]
}

extension RowReader {
    /// - Throws: ``StoreError/Code/damaged`` for a value that no version of the program writes.
    @inlinable
    public mutating func next<Value: SQLValue>(_ type: Value.Type = Value.self) throws -> Value {
        try Value(from: &self)
    }
}
