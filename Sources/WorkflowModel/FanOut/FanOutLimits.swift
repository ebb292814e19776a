/// The limits of tasks that run once for each of several items.
public enum FanOutLimits {
    /// Items of one task.
    public static let items = 1_000
    /// Items of all tasks of a run together.
    public static let itemsOfRun = 10_000
    /// Bytes of one item as JSON.
    public static let itemBytes = 65_536
    /// Bytes of the outputs of all items of a task together.
    public static let outputBytes = 4_194_304
    /// Accepted values of `max_parallel`.
    public static let parallel = 1...items
    /// Characters of an item in the label of its task instance.
    static let labelLength = 60
}

/// The positions of task instances in their run: tasks of the configuration come first, items behind all of them.
///
/// The position of an item follows from that of its group, so that an item is found without an index of its own.
public enum ItemPlace {
    /// The first position of an item. Positions below belong to tasks of the configuration.
    public static let first = 1_000_000
    /// Positions that each group has. It never changes, because runs are stored with it; ``FanOutLimits/items`` can grow up to it.
    public static let stride = 10_000

    public static func position(ofItem index: Int, inGroup group: Int) -> Int { first + group * stride + index }

    /// The position of the group of an item; nil for the position of a task of the configuration.
    public static func group(of position: Int) -> Int? { position < first ? nil : (position - first) / stride }

    public static func index(of position: Int) -> Int? { position < first ? nil : (position - first) % stride }

    /// The positions that the items of a group can have.
    public static func positions(ofGroup group: Int) -> Range<Int> {
        position(ofItem: 0, inGroup: group)..<position(ofItem: 0, inGroup: group + 1)
    }
}

extension TaskID {
    /// The id of an item's task instance: that of its group, and the number of the item behind a dot.
    public func item(_ index: Int) -> TaskID { TaskID(rawValue: "\(rawValue).\(index)") }

    /// The group and the number of the item, if the id has the form of an item's id. Imported history may have any ids.
    public var asItem: (group: TaskID, index: Int)? {
        guard let dot = rawValue.utf8.lastIndex(of: UInt8(ascii: ".")) else { return nil }
        let digits = rawValue[rawValue.utf8.index(after: dot)...]
        guard !digits.isEmpty, digits.utf8.count <= 4, digits.utf8.allSatisfy(\.isDigit), let index = Int(digits),
            index < ItemPlace.stride, String(index).isIdentical(to: String(digits))
        else { return nil }
        return (TaskID(rawValue: String(rawValue[..<dot])), index)
    }
}
