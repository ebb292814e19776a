import NIOCore
import WorkflowAPI
import WorkflowModel

extension RecordBytes {
    /// The form on the wire has everything of an operation but its place.
    init(_ transferred: TransferredBulkOperation) {
        add(Array(transferred.operation.document.readableBytesView))
        add(transferred.place) { bytes, place in
            bytes.add(place.value)
            bytes.add(place.id.rawValue)
        }
    }

    init(_ transferred: TransferredBulkReceipt) {
        let receipt = transferred.receipt
        add(transferred.tenant.name)
        add(transferred.operation.rawValue)
        add(receipt.number)
        add(receipt.run.rawValue)
        add(receipt.result.outcome.rawValue)
        add(receipt.result.reason)
        add(receipt.result.rerun?.rawValue)
        add(receipt.writtenAt)
    }
}
