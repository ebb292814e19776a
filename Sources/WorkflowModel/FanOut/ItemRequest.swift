/// Something that a decision about groups needs to know. Groups are named by their positions.
public enum ItemRequest: Hashable, Sendable {
    /// The list that the store keeps beside the group.
    case list(group: Int)
    /// The first items that have not ended and that no worker can claim, beginning with that one.
    case waiting(group: Int, from: Int, count: Int)
    /// The items that have not ended.
    case open(group: Int)
    /// The items that failed or were canceled.
    case unsuccessful(group: Int)
    /// The first item whose failure is the customer's fault; if there is none, the first that failed.
    case firstFailure(group: Int)
    /// The outputs of all items.
    case outputs(group: Int)

    public var group: Int {
        switch self {
        case .list(let group), .waiting(let group, _, _), .open(let group), .unsuccessful(let group), .firstFailure(let group),
            .outputs(let group):
            group
        }
    }
}

/// Answers to requests.
public struct ItemAnswers: Sendable {
    /// By request. One without a list is left out.
    public var lists: [ItemRequest: JSONText] = [:]
    /// Items with their positions, in their order, as the store has them.
    public var items: [ItemRequest: [(position: Int, task: TaskProgress)]] = [:]
    public var failures: [ItemRequest: FailedItem] = [:]
    public var outputs: [ItemRequest: ItemOutputs] = [:]

    public init() {}
}

/// The outputs of the items of a group.
public struct ItemOutputs: Hashable, Sendable {
    /// By the number of the item; items without outputs are left out. Empty when they are too large.
    public var byIndex: [Int: JSONText]
    /// Of all outputs together.
    public var bytes: Int

    public init(byIndex: [Int: JSONText], bytes: Int) {
        self.byIndex = byIndex
        self.bytes = bytes
    }
}
