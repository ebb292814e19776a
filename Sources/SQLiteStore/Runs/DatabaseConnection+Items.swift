import StoreCore
import WorkflowModel

/// The statements about items. All of them read or write a span of positions of one run.
enum ItemStatement {
    static let columns = """
        SELECT position, id, definition_id, label, condition, needs, state, state_changed_at, ready_at, ended_at,
            error_attribution, error_type, error_message, error_data, engine_run_id, attempt, token, uses, resolution, gate, wait, fan,
            iif(ready_at IS NOT NULL, item, NULL)
        FROM tasks WHERE tenant = ? AND run = ? AND
        """
    static let one = columns + " position = ?"
    /// Those that no worker can claim: scheduled, or between two attempts.
    static let waiting =
        columns + " position >= ? AND position < ? AND (state = 0 OR state = 2) AND ready_at IS NULL ORDER BY position LIMIT ?"
    static let open = columns + " position >= ? AND position < ? AND state < 6 ORDER BY position"
    static let unsuccessful = columns + " position >= ? AND position < ? AND (state = 6 OR state = 8) ORDER BY position"
    static let list = "SELECT item FROM tasks WHERE tenant = ? AND run = ? AND position = ?"
    private static let failure = """
        SELECT position, error_attribution, error_type, error_message, error_data FROM tasks
        WHERE tenant = ? AND run = ? AND position >= ? AND position < ? AND state = 8
        """
    static let firstFailure = failure + " ORDER BY position LIMIT 1"
    static let firstFailureOfCustomer = failure + " AND error_attribution = 'customer' ORDER BY position LIMIT 1"
    static let outputBytes = """
        SELECT ifnull(sum(length(CAST(outputs AS BLOB))), 0) FROM tasks
        WHERE tenant = ? AND run = ? AND position >= ? AND position < ?
        """
    static let outputs = """
        SELECT position, outputs FROM tasks
        WHERE tenant = ? AND run = ? AND position >= ? AND position < ? AND outputs IS NOT NULL
        """
    static let count = "UPDATE tasks SET state = ?, state_changed_at = ?, fan = ? WHERE tenant = ? AND run = ? AND position = ?"
    static let insert = """
        INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, stage, execution_type, timeout_ms,
            created_at, state, state_changed_at, ended_at, ready_at, uses, condition, item, attempt, token)
        SELECT g.tenant, g.run, ?, ?, g.definition_id, g.definition_type, ?, g.stage, g.execution_type, g.timeout_ms,
            ?, ?, ?, ?, ?, g.uses, g.condition, ?, 0, 0
        FROM tasks AS g WHERE g.tenant = ? AND g.run = ? AND g.position = ?
        """
    /// Items of an old run, with the results of those that succeeded or that a person skipped.
    static let keep = """
        INSERT INTO tasks (tenant, run, position, id, definition_id, definition_type, label, stage, execution_type, timeout_ms,
            created_at, state, state_changed_at, ended_at, uses, condition, item, outputs, warnings, engine_run_id, resolution,
            kept_from, attempt, token)
        SELECT g.tenant, g.run, ?4 + o.position - ?5, g.id || '.' || (o.position - ?5), g.definition_id, g.definition_type, o.label,
            g.stage, g.execution_type, g.timeout_ms, g.created_at, iif(o.state = 7 OR o.state = 9, o.state, 0), g.created_at,
            iif(o.state = 7 OR o.state = 9, g.created_at, NULL), g.uses, g.condition, o.item, o.outputs, o.warnings,
            iif(o.state = 7 OR o.state = 9, o.engine_run_id, NULL), iif(o.state = 7 OR o.state = 9, o.resolution, NULL),
            iif(o.state = 7 OR o.state = 9, coalesce(o.kept_from, ?8), NULL), 0, 0
        FROM tasks AS g CROSS JOIN tasks AS o
        WHERE g.tenant = ?1 AND g.run = ?2 AND g.position = ?3
            AND o.tenant = ?1 AND o.run = ?6 AND o.position >= ?5 AND o.position < ?7
        """
    /// Gives an item that was copied the result that a person decided.
    static let settle = """
        UPDATE tasks SET state = ?, ended_at = state_changed_at, outputs = ?, resolution = ?, warnings = NULL, engine_run_id = NULL
        WHERE tenant = ? AND run = ? AND position = ?
        """
    static let keptWarnings = """
        SELECT ifnull(sum(json_array_length(warnings)), 0) FROM tasks
        WHERE tenant = ? AND run = ? AND position >= ? AND position < ? AND warnings IS NOT NULL
        """
    static let place = "SELECT position FROM tasks WHERE tenant = ? AND run = ? AND position < ? AND id = ?"
}

extension DatabaseConnection {
    /// Loads an item; nothing for a task that is none.
    func load(item id: TaskID, into run: inout StoredRun) throws {
        guard let position = run.progress.place(ofItem: id) else { return }
        try load(itemsAt: [position], into: &run)
    }

    func load(itemsAt positions: [Int], into run: inout StoredRun) throws {
        for position in positions where position >= ItemPlace.first && run.progress.items[position] == nil {
            run.load(try rows(ItemStatement.one, run.tenant, run.number, position) { try $0.nextPlacedItem() })
        }
    }

    func insertItem(_ task: TaskProgress, at position: Int, of run: StoredRun) throws {
        try change(
            ItemStatement.insert, position, task.id, task.label, task.stateChangedAt, task.state, task.stateChangedAt, task.endedAt,
            task.readyAt, task.item, run.tenant, run.number, ItemPlace.group(of: position))
    }

    func answers(to requests: Set<ItemRequest>, about run: inout StoredRun) throws -> ItemAnswers {
        var answers = ItemAnswers()
        for request in requests {
            let places = ItemPlace.positions(ofGroup: request.group)
            let (tenant, number, first, end) = (run.tenant, run.number, places.lowerBound, places.upperBound)
            switch request {
            case .list(let group):
                answers.lists[request] = try row(ItemStatement.list, tenant, number, group) { try $0.next(JSONText?.self) } ?? nil
            case .waiting(_, let index, let count):
                answers.items[request] = try rows(ItemStatement.waiting, tenant, number, first + index, end, count) {
                    try $0.nextPlacedItem()
                }
            case .open:
                answers.items[request] = try rows(ItemStatement.open, tenant, number, first, end) { try $0.nextPlacedItem() }
            case .unsuccessful:
                answers.items[request] = try rows(ItemStatement.unsuccessful, tenant, number, first, end) {
                    try $0.nextPlacedItem()
                }
            case .firstFailure:
                for statement in [ItemStatement.firstFailureOfCustomer, ItemStatement.firstFailure]
                where answers.failures[request] == nil {
                    answers.failures[request] = try row(statement, tenant, number, first, end) { try $0.nextFailedItem() } ?? nil
                }
            case .outputs: answers.outputs[request] = try itemOutputs(of: run, in: places)
            }
            run.load(answers.items[request] ?? [])
        }
        return answers
    }

    /// Outputs that are too large together are not read.
    private func itemOutputs(of run: StoredRun, in places: Range<Int>) throws -> ItemOutputs {
        let (first, end) = (places.lowerBound, places.upperBound)
        let bytes = try row(ItemStatement.outputBytes, run.tenant, run.number, first, end) { try $0.next(Int.self) } ?? 0
        guard bytes <= FanOutLimits.outputBytes else { return ItemOutputs(byIndex: [:], bytes: bytes) }
        let found = try rows(ItemStatement.outputs, run.tenant, run.number, first, end) {
            (try $0.next(Int.self) - first, try $0.next(JSONText.self))
        }
        return ItemOutputs(byIndex: Dictionary(found, uniquingKeysWith: { first, _ in first }), bytes: bytes)
    }

    /// Copies the items that a rerun takes over from the old run.
    /// - Parameter old: the number of the old run; nil when it no longer exists.
    func keepItems(of plan: RunPlan, run: Int, tenant: Int, from old: Int?) throws {
        var warnings = 0
        for (position, task) in plan.tasks.enumerated() {
            guard let items = task.oldItems else { continue }
            let (new, former) = (ItemPlace.positions(ofGroup: position), ItemPlace.positions(ofGroup: items.position))
            let copied = try change(
                ItemStatement.keep, tenant, run, position, new.lowerBound, former.lowerBound, old, former.upperBound, items.origin)
            guard copied == task.fan?.counts?.total else { throw StoreError.isGone(items.origin) }
            if let item = items.settled {
                try change(
                    ItemStatement.settle, item.result.state, item.result.outputs, item.result.resolution, tenant, run,
                    new.lowerBound + item.number)
            }
            warnings +=
                try row(ItemStatement.keptWarnings, tenant, run, new.lowerBound, new.upperBound) { try $0.next(Int.self) } ?? 0
        }
        guard warnings > 0 else { return }
        try change("UPDATE OR FAIL runs SET warnings = warnings + ? WHERE number = ? AND tenant = ?", warnings, run, tenant)
    }

    /// The position of a task or an item; nil when the run does not have it.
    func place(of task: TaskID, in run: Int, of tenant: Int) throws -> Int? {
        if let found = try row(ItemStatement.place, tenant, run, ItemPlace.first, task, decode: { try $0.next(Int.self) }) {
            return found
        }
        guard let (group, index) = task.asItem,
            let position = try row(ItemStatement.place, tenant, run, ItemPlace.first, group, decode: { try $0.next(Int.self) })
        else { return nil }
        return ItemPlace.position(ofItem: index, inGroup: position)
    }

    /// The numbers of a tenant and its run, and the position of a task of it.
    func place(of task: TaskID, in run: RunID, of tenant: Tenant) throws -> ReadyTask? {
        guard let number = try number(of: tenant),
            let found = try row(
                "SELECT number FROM runs WHERE tenant = ? AND id = ?", number, run, decode: { try $0.next(Int.self) })
        else { return nil }
        return try place(of: task, in: found, of: number).map { ReadyTask(tenant: number, run: found, position: $0) }
    }
}

extension ColumnReader {
    fileprivate mutating func nextPlacedItem() throws -> (position: Int, task: TaskProgress) {
        (try next(), try nextItemProgress())
    }
}
