extension RunFilter {
    /// Reads a filter from the texts of its fields, as they stand in a query, a page address or a command line.
    /// - Parameter texts: the values given for a field; empty when there are none.
    /// - Throws: ``RunFilterError``
    public init(reading texts: (RunFilterField) -> [String]) throws(RunFilterError) {
        self.init()
        for field in RunFilterField.all {
            let values = texts(field)
            guard values.count <= field.mostValues else { throw .tooManyValues(field) }
            for text in values { try add(text, to: field) }
        }
        try checkWindows()
    }

    /// Reads a filter from texts whose times may be typed, as ``TypedTime`` has them.
    /// - Throws: ``RunFilterError``; of a window that ends before it starts, with its bounds in ISO 8601.
    public init(
        reading texts: (RunFilterField) -> [String], at now: Timestamp, in zone: ScheduleZone = .utc
    ) throws(RunFilterError) {
        try self.init { field in
            guard field.kind == .dateTime else { return texts(field) }
            return texts(field).map { TypedTime($0, at: now, in: zone)?.start.iso8601 ?? $0 }
        }
    }

    /// A window of zero length is valid and matches nothing.
    /// - Throws: ``RunFilterError/reversed(from:_:to:_:)``
    public func checkWindows() throws(RunFilterError) {
        for (from, to) in [
            (RunFilterField.createdFrom, .createdTo), (.endedFrom, .endedTo), (.runtimeFrom, RunFilterField.runtimeTo),
        ] {
            guard let first = value(of: from), let last = value(of: to), first.endsAfter(last) else { continue }
            throw .reversed(from: from, first.texts[0], to: to, last.texts[0])
        }
    }

    /// The texts that ``init(reading:)`` reads back as this filter, field by field.
    public var texts: [(field: RunFilterField, text: String)] {
        RunFilterField.all.flatMap { field in (value(of: field)?.texts ?? []).map { (field, $0) } }
    }
}

extension RunFilterValue {
    /// Whether a window that begins with this value and ends with the other one ends before it begins.
    fileprivate func endsAfter(_ end: RunFilterValue) -> Bool {
        switch (self, end) {
        case (.dateTime(let from), .dateTime(let to)): to < from
        case (.duration(let from), .duration(let to)): to < from
        default: false
        }
    }
}

/// Why texts are not a filter.
public enum RunFilterError: Error, Hashable, Sendable {
    /// The text is not a value of the field; ``RunFilterField/Kind`` says what is accepted.
    case value(RunFilterField, text: String)
    /// More than ``RunFilterField/mostValues``.
    case tooManyValues(RunFilterField)
    /// A window that ends before it starts, with its bounds as they are written on the wire.
    case reversed(from: RunFilterField, String, to: RunFilterField, String)
}
