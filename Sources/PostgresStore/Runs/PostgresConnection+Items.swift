import StoreCore
import WorkflowModel

/// The statements about items. All of them read or write a span of positions of one run.
enum ItemStatement {
    static let columns = """
        SELECT position, id, definition_id, label, condition, needs, state, state_changed_at, ready_at, ended_at,
            error_attribution, error_type, error_message, error_data, engine_run_id, attempt, token, uses, resolution, gate, wait, fan,
            CASE WHEN ready_at IS NOT NULL THEN item END
        FROM tasks WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND
        """
    /// One look-up for each: for a condition such as `position = ANY ($4)`, the server may read all items of the run instead.
    static let some = """
        SELECT t.* FROM unnest($4) AS c (place)
        CROSS JOIN LATERAL (\(columns) position = c.place LIMIT 1) AS t
        """
    private static let span = " position >= $4 AND position < $5"
    /// Those that no worker can claim: scheduled, or between two attempts.
    static let waiting = columns + span + " AND (state = 0 OR state = 2) AND ready_at IS NULL ORDER BY position LIMIT $6"
    static let open = columns + span + " AND state < 6 ORDER BY position"
    static let unsuccessful = columns + span + " AND (state = 6 OR state = 8) ORDER BY position"
    static let list = "SELECT item FROM tasks WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4"
    private static let failure = """
        SELECT position, error_attribution, error_type, error_message, error_data FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position >= $4 AND position < $5 AND state = 8
        """
    static let firstFailure = failure + " ORDER BY position LIMIT 1"
    static let firstFailureOfCustomer = failure + " AND error_attribution = 'customer' ORDER BY position LIMIT 1"
    static let outputBytes = """
        SELECT coalesce(sum(octet_length(outputs)), 0)::bigint FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position >= $4 AND position < $5
        """
    static let outputs = """
        SELECT position, outputs FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position >= $4 AND position < $5 AND outputs IS NOT NULL
        """
    static let insert = """
        INSERT INTO tasks (tenant, run, run_created_at, position, id, definition_id, definition_type, label, stage, execution_type,
            timeout_ms, created_at, state, state_changed_at, ended_at, ready_at, uses, condition, item, attempt, token)
        SELECT g.tenant, g.run, g.run_created_at, c.position, c.id, g.definition_id, g.definition_type, c.label, g.stage,
            g.execution_type, g.timeout_ms, c.created_at, c.state, c.created_at, c.ended_at, c.ready_at, g.uses, g.condition, c.item, 0, 0
        FROM unnest($4, $5, $6, $7, $8, $9, $10, $11, $12) AS c (
            place, position, id, label, created_at, state, ended_at, ready_at, item)
        JOIN tasks AS g ON g.tenant = $1 AND g.run = $2 AND g.run_created_at = $3 AND g.position = c.place
        """
    /// Items of an old run, with the results of those that succeeded or that a person skipped.
    static let keep = """
        INSERT INTO tasks (tenant, run, run_created_at, position, id, definition_id, definition_type, label, stage, execution_type,
            timeout_ms, created_at, state, state_changed_at, ended_at, uses, condition, item, outputs, warnings, engine_run_id,
            resolution, kept_from, attempt, token)
        SELECT g.tenant, g.run, g.run_created_at, $5 + o.position - $6, g.id || '.' || (o.position - $6), g.definition_id,
            g.definition_type, o.label, g.stage, g.execution_type, g.timeout_ms, g.created_at,
            CASE WHEN k.is_kept THEN o.state ELSE 0 END, g.created_at, CASE WHEN k.is_kept THEN g.created_at END, g.uses, g.condition,
            o.item, o.outputs, o.warnings, CASE WHEN k.is_kept THEN o.engine_run_id END, CASE WHEN k.is_kept THEN o.resolution END,
            CASE WHEN k.is_kept THEN coalesce(o.kept_from, $9) END, 0, 0
        FROM tasks AS g
        JOIN tasks AS o ON o.tenant = $1 AND o.run = $8 AND o.run_created_at >= $10 AND o.run_created_at < $11
            AND o.position >= $6 AND o.position < $7
        CROSS JOIN LATERAL (SELECT o.state = 7 OR o.state = 9 AS is_kept) AS k
        WHERE g.tenant = $1 AND g.run = $2 AND g.run_created_at = $3 AND g.position = $4
        """
    /// Gives an item that was copied the result that a person decided.
    static let settle = """
        UPDATE tasks SET state = $5, ended_at = state_changed_at, outputs = $6, resolution = $7, warnings = NULL, engine_run_id = NULL
        WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position = $4
        """
    static let keptWarnings = """
        SELECT coalesce(sum(json_array_length(warnings::json)), 0)::bigint FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at = $3 AND position >= $4 AND position < $5 AND warnings IS NOT NULL
        """
    /// The group with an id, which never changes but for its counts.
    static let group = """
        SELECT fan FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at >= $3 AND run_created_at < $4 AND position < $5 AND id = $6
        """
    static let place = """
        SELECT position FROM tasks
        WHERE tenant = $1 AND run = $2 AND run_created_at >= $3 AND run_created_at < $4 AND position < $5 AND id = $6
        """
}

extension StoredRun {
    /// Adds items that were read.
    mutating func load(_ items: [(position: Int, task: TaskProgress)]) {
        for (position, task) in items where progress.items[position] == nil {
            if task.readyAt != nil { queued.insert(position) }
            if task.isHeld { held.insert(position) }
        }
        progress.load(items)
    }
}

extension PostgresConnection {
    /// Loads an item; nothing for a task that is none.
    func load(item id: TaskID, into run: inout StoredRun) throws {
        guard let position = run.progress.place(ofItem: id) else { return }
        try load(itemsAt: [position], into: &run)
    }

    func load(itemsAt positions: [Int], into run: inout StoredRun) throws {
        let missing = positions.filter { $0 >= ItemPlace.first }
        guard !missing.isEmpty else { return }
        let key = run.key
        run.load(
            try rows(ItemStatement.some, key.tenant, key.id, key.createdAt, Column(missing)) { try $0.nextPlacedItem() })
    }

    /// Writes the items of lists that were just resolved.
    func insertItems(of run: StoredRun) throws {
        let places = run.progress.newItems.sorted()
        guard !places.isEmpty else { return }
        let items = places.map { run.progress[$0] }
        _ = try execute(
            ItemStatement.insert,
            [
                run.key.tenant, run.key.id, run.key.createdAt, Column(places.map { ItemPlace.group(of: $0) }), Column(places),
                Column(items.map(\.id)), Column(items.map(\.label)), Column(items.map(\.stateChangedAt)),
                Column(items.map(\.state)),
                Column(items.map(\.endedAt)), Column(items.map(\.readyAt)), Column(items.map(\.item)),
            ])
    }

    func answers(to requests: Set<ItemRequest>, about run: inout StoredRun) throws -> ItemAnswers {
        var answers = ItemAnswers()
        for request in requests {
            let places = ItemPlace.positions(ofGroup: request.group)
            let (key, first, end) = (run.key, places.lowerBound, places.upperBound)
            func items(_ statement: String, from first: Int, _ more: any SQLValue...) throws -> [(
                position: Int, task: TaskProgress
            )] {
                try rows(statement, values: [key.tenant, key.id, key.createdAt, first, end] + more) { try $0.nextPlacedItem() }
            }
            switch request {
            case .list(let group):
                answers.lists[request] =
                    try row(ItemStatement.list, key.tenant, key.id, key.createdAt, group) { try $0.next(JSONText?.self) } ?? nil
            case .waiting(_, let index, let count):
                answers.items[request] = try items(ItemStatement.waiting, from: first + index, count)
            case .open: answers.items[request] = try items(ItemStatement.open, from: first)
            case .unsuccessful: answers.items[request] = try items(ItemStatement.unsuccessful, from: first)
            case .firstFailure:
                for statement in [ItemStatement.firstFailureOfCustomer, ItemStatement.firstFailure]
                where answers.failures[request] == nil {
                    answers.failures[request] =
                        try row(statement, key.tenant, key.id, key.createdAt, first, end) { try $0.nextFailedItem() } ?? nil
                }
            case .outputs: answers.outputs[request] = try itemOutputs(of: key, in: places)
            }
            run.load(answers.items[request] ?? [])
        }
        return answers
    }

    /// Outputs that are too large together are not read.
    private func itemOutputs(of run: RunKey, in places: Range<Int>) throws -> ItemOutputs {
        let (first, end) = (places.lowerBound, places.upperBound)
        let bytes = try row(ItemStatement.outputBytes, run.tenant, run.id, run.createdAt, first, end) { try $0.next(Int.self) } ?? 0
        guard bytes <= FanOutLimits.outputBytes else { return ItemOutputs(byIndex: [:], bytes: bytes) }
        let found = try rows(ItemStatement.outputs, run.tenant, run.id, run.createdAt, first, end) {
            (try $0.next(Int.self) - first, try $0.next(JSONText.self))
        }
        return ItemOutputs(byIndex: Dictionary(found, uniquingKeysWith: { first, _ in first }), bytes: bytes)
    }

    /// Copies the items that a rerun takes over from the old run.
    func keepItems(of plan: RunPlan, tenant: Int) throws {
        guard let old = plan.rerunOf else { return }
        var warnings = 0
        for (position, task) in plan.tasks.enumerated() {
            guard let items = task.oldItems else { continue }
            let (new, former) = (ItemPlace.positions(ofGroup: position), ItemPlace.positions(ofGroup: items.position))
            let copied = try findRun(old, of: tenant) { from, to in
                let copied = try execute(
                    ItemStatement.keep,
                    [
                        tenant, plan.id, plan.createdAt, position, new.lowerBound, former.lowerBound, former.upperBound, old,
                        items.origin, from, to,
                    ]
                ).affectedRows
                return copied == 0 ? nil : copied
            }
            guard copied ?? 0 == task.fan?.counts?.total else { throw StoreError.isGone(old) }
            if let item = items.settled {
                try change(
                    ItemStatement.settle, tenant, plan.id, plan.createdAt, new.lowerBound + item.number, item.result.state,
                    item.result.outputs, item.result.resolution)
            }
            warnings +=
                try row(ItemStatement.keptWarnings, tenant, plan.id, plan.createdAt, new.lowerBound, new.upperBound) {
                    try $0.next(Int.self)
                } ?? 0
        }
        guard warnings > 0 else { return }
        try change(
            "UPDATE runs SET warnings = warnings + $1 WHERE tenant = $2 AND id = $3 AND created_at = $4", warnings, tenant, plan.id,
            plan.createdAt)
    }

    /// The position of a task or an item of a run that was created in that span of time; nil when the run does not have it.
    func place(of task: TaskID, in run: RunID, of tenant: Int, from: Timestamp, to: Timestamp) throws -> Int? {
        func position(_ id: TaskID) throws -> Int? {
            try row(ItemStatement.place, tenant, run, from, to, ItemPlace.first, id) { try $0.next(Int.self) }
        }
        if let found = try position(task) { return found }
        guard let (group, index) = task.asItem, let place = try position(group) else { return nil }
        return ItemPlace.position(ofItem: index, inGroup: place)
    }
}

extension ColumnReader {
    fileprivate mutating func nextPlacedItem() throws -> (position: Int, task: TaskProgress) {
        (try next(), try nextItemProgress())
    }
}
