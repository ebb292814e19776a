import StoreCore
import WorkflowModel

extension PostgresConnection {
    func bulkOperations(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredBulkOperation>] {
        try rows(
            """
            SELECT o.tenant, \(BulkColumns.list) FROM bulk_operations AS o
            JOIN principals AS p ON p.number = o.requested_by LEFT JOIN principals AS a ON a.number = o.aborted_by
            WHERE o.number > $1 ORDER BY o.number LIMIT $2
            """, key.number, limit
        ) {
            let stored = try $0.nextBulkOperation(of: try tenant(numbered: try $0.next()))
            return TransferredRow(NumberPlace(number: stored.number), stored.transferred)
        }
    }

    func bulkReceipts(
        after key: BulkReceiptPlace, limit: Int
    ) throws -> [TransferredRow<BulkReceiptPlace, TransferredBulkReceipt>] {
        try rows(
            """
            SELECT tenant, operation, (SELECT o.id FROM bulk_operations AS o WHERE o.number = operation), \(BulkColumns.receipt)
            FROM bulk_receipts WHERE (tenant, operation, number) > ($1, $2, $3) ORDER BY tenant, operation, number LIMIT $4
            """, key.tenant, key.operation, key.number, limit
        ) { try BulkReceipt.transferred(&$0) { try tenant(numbered: $0) } }
    }

    /// An operation that was running is due at once: no node has it.
    func add(_ operations: [TransferredBulkOperation]) throws {
        for one in operations {
            let (operation, action, selection) = (one.operation, one.operation.action, one.operation.selection)
            let tenant = try findOrCreate(operation.tenant)
            try change(
                """
                INSERT INTO bulk_operations (tenant, id, action, parameters, runs, filter, created_before, per_second,
                    requested_by, requested_at, total, state, done, unchanged, refused, place_at, place_run, ended_at, aborted_by,
                    due_at)
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
                """,
                tenant, operation.id, action.kind, action.storedParameters, selection.storedRuns, selection.storedFilter,
                operation.createdBefore, operation.perSecond, try findOrCreate(operation.requestedBy, in: tenant),
                operation.requestedAt, operation.total, operation.state, operation.counts.done, operation.counts.unchanged,
                operation.counts.refused, one.place?.value, one.place?.id, operation.endedAt,
                try operation.abortedBy.map { try findOrCreate($0, in: tenant) },
                operation.state == .running ? operation.requestedAt : nil)
        }
    }

    func add(_ receipts: [TransferredBulkReceipt]) throws {
        let (all, results) = (receipts.map(\.receipt), receipts.map(\.receipt.result))
        _ = try execute(
            """
            INSERT INTO bulk_receipts (tenant, operation, number, run, outcome, reason, rerun, written_at)
            SELECT o.tenant, o.number, c.number, c.run, c.outcome, c.reason, c.rerun, c.written_at
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
                AS c (tenant, operation, number, run, outcome, reason, rerun, written_at)
            JOIN bulk_operations AS o ON o.tenant = c.tenant AND o.id = c.operation
            """,
            [
                Column(try receipts.map { try findOrCreate($0.tenant) }), Column(receipts.map(\.operation)),
                Column(all.map(\.number)), Column(all.map(\.run)), Column(results.map(\.outcome)),
                Column(results.map(\.reason)), Column(results.map(\.rerun)), Column(all.map(\.writtenAt)),
            ])
    }
}
