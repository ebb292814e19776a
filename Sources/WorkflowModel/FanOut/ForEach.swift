/// The items for each of which a task runs once, as a configuration writes them.
public struct ForEach: Hashable, Sendable {
    public enum Items: Hashable, Sendable {
        /// A JSON array, which is written in the configuration.
        case list(JSONText)
        /// A parameter of the workflow, or an output of a task that the task needs.
        case value(Reference)
    }

    public var items: Items
    /// Items that run at the same time at most; nil for no limit.
    public var maxParallel: Int?
    /// Whether the first failed item ends the others.
    public var failsFast: Bool

    public init(_ items: Items, maxParallel: Int? = nil, failsFast: Bool = false) {
        self.items = items
        self.maxParallel = maxParallel
        self.failsFast = failsFast
    }

    /// The values that it names.
    var references: [Reference] {
        if case .value(let reference) = items { [reference] } else { [] }
    }
}

extension ForEach {
    /// The number of items, when the configuration has them.
    public var count: Int? {
        guard case .list(let list) = items, case .array(let values)? = JSONValue(json: list.text.utf8) else { return nil }
        return values.count
    }
}

/// Reads the items of a list that a run has resolved.
enum ItemList {
    /// - Parameter subject: the place of the list, at the beginning of a sentence.
    /// - Returns: the items, or why a task cannot run for them: a mistake of the workflow, or of the task that gave the list.
    static func items(of value: JSONValue?, from subject: String) -> Result<[JSONValue], RunError> {
        guard let value, case .array(let items) = value else {
            let kind = value.map { ValueKind($0).words } ?? "no JSON value"
            return .failure(.badItems("\(subject) must be a list, but is \(kind)."))
        }
        guard items.count <= FanOutLimits.items else {
            return .failure(
                .badItems(
                    "\(subject) has \(items.count.grouped) items. Accepted: \(FanOutLimits.items.grouped) at most."))
        }
        for (index, item) in items.enumerated() {
            let size = item.text.utf8.count
            guard size <= FanOutLimits.itemBytes else {
                return .failure(
                    .badItems(
                        "Item \(index) of the list has \(size.grouped) bytes. Accepted: \(FanOutLimits.itemBytes.grouped) at most.")
                )
            }
        }
        return .success(items)
    }

    /// The label of an item's task instance: `Load [17] orders.csv`.
    static func label(of item: JSONValue, _ index: Int, group: String) -> String {
        let name = "\(group) [\(index)]"
        guard let text = text(of: item) else { return name }
        let line = String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 }))
        guard line.contains(where: { !$0.isWhitespace }) else { return name }
        return name + " " + (line.count > FanOutLimits.labelLength ? line.prefix(FanOutLimits.labelLength - 1) + "…" : line)
    }

    /// The item itself, or the first of some members that tell items apart.
    private static func text(of item: JSONValue) -> String? {
        switch item {
        case .string, .integer, .number, .bool: return item.plainText
        case .null, .array: return nil
        case .object(let members):
            for name in ["label", "name", "id", "key", "path"] {
                switch members[name] {
                case .string?, .integer?, .number?: return members[name]?.plainText
                default: continue
                }
            }
            return nil
        }
    }
}

extension Int {
    /// `1,000`
    var grouped: String {
        let digits = Array(String(magnitude))
        var text = ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place).isMultiple(of: 3) { text += "," }
            text.append(digit)
        }
        return self < 0 ? "-" + text : text
    }
}

extension RunError {
    /// The list of a task cannot be used.
    static func badItems(_ message: String) -> RunError {
        RunError(attribution: .customer, type: "weir.task.items/list", message: message)
    }

    /// The items of all tasks of the run would be too many.
    static func tooManyItems(_ count: Int, besides others: Int) -> RunError {
        badItems(
            "The list has \(count.grouped) items, and other tasks of the run have \(others.grouped). Accepted: "
                + "\(FanOutLimits.itemsOfRun.grouped) items in one run at most.")
    }

    /// The outputs of all items together are too large.
    static func largeItemOutputs(bytes: Int) -> RunError {
        RunError(
            attribution: .customer, type: "weir.task.items/outputs",
            message:
                "The outputs of the items have \(bytes.grouped) bytes together. Accepted: \(FanOutLimits.outputBytes.grouped) at most."
        )
    }

    /// The error of an item that another item's failure has ended.
    public static let endedByFailFast = RunError(
        attribution: .customer, type: "weir.task.items/fail-fast",
        message: "It was ended because another item failed, and `fail_fast` is set.")

    /// The error of a group, made of the failed item that counts.
    static func failedItems(_ counts: ItemCounts, _ first: FailedItem?) -> RunError {
        let total = counts.total.grouped
        guard counts.failed > 0, let first else {
            return RunError(
                attribution: .customer, type: endedByFailFast.type,
                message: "\(counts.canceled.grouped) of \(total) items were ended before they succeeded.")
        }
        return RunError(
            attribution: first.error.attribution, type: first.error.type,
            message: "\(counts.failed.grouped) of \(total) items failed; first: [\(first.index)]: \(first.error.message)")
    }
}

/// A failed item of a group.
public struct FailedItem: Hashable, Sendable {
    /// From 0.
    public var index: Int
    public var error: RunError

    public init(index: Int, error: RunError) {
        self.index = index
        self.error = error
    }
}
