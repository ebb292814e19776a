import StoreCore

/// Types of parameters, by their numbers in PostgreSQL's catalog (`pg_type.dat`), which never change.
enum SQLType: UInt32 {
    case bool = 16
    case bytes = 17
    case int8 = 20
    case text = 25
    case bools = 1000
    case byteArrays = 1001
    case texts = 1009
    case int8s = 1016

    init(_ kind: ColumnKind) {
        switch kind {
        case .integer: self = .int8
        case .flag: self = .bool
        case .text: self = .text
        case .bytes: self = .bytes
        }
    }

    /// The type of a parameter, or of the array that a ``Column`` is.
    init(of value: any SQLValue) {
        if let column = value as? any ColumnParameter {
            self = SQLType(column.elementKind).array
        } else {
            self.init(type(of: value).kind)
        }
    }

    private var array: SQLType {
        switch self {
        case .bool: .bools
        case .bytes: .byteArrays
        case .int8: .int8s
        case .text: .texts
        case .bools, .byteArrays, .texts, .int8s: self
        }
    }
}
