import StoreCore
import WorkflowModel

extension DatabaseConnection {
    func bulkOperations(after key: NumberPlace, limit: Int) throws -> [TransferredRow<NumberPlace, TransferredBulkOperation>] {
        try rows(
            """
            SELECT t.name, \(BulkColumns.list) FROM bulk_operations AS o
            CROSS JOIN tenants AS t ON t.number = o.tenant
            CROSS JOIN principals AS p ON p.number = o.requested_by LEFT JOIN principals AS a ON a.number = o.aborted_by
            WHERE o.number > ? ORDER BY o.number LIMIT ?
            """, key.number, limit
        ) {
            let stored = try $0.nextBulkOperation(of: try $0.nextTenant())
            return TransferredRow(NumberPlace(number: stored.number), stored.transferred)
        }
    }

    func bulkReceipts(
        after key: BulkReceiptPlace, limit: Int
    ) throws -> [TransferredRow<BulkReceiptPlace, TransferredBulkReceipt>] {
        try rows(
            """
            SELECT tenant, operation, (SELECT o.id FROM bulk_operations AS o WHERE o.number = operation), \(BulkColumns.receipt)
            FROM bulk_receipts WHERE (tenant, operation, number) > (?, ?, ?) ORDER BY tenant, operation, number LIMIT ?
            """, key.tenant, key.operation, key.number, limit
        ) { try BulkReceipt.transferred(&$0) { try tenant(numbered: $0) } }
    }
}
