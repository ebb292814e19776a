package import WorkflowClient
package import WorkflowModel

/// Waits for the end of a bulk operation by polling.
package struct BulkWatch {
    private let client: WorkflowClient
    private let time: any TimeSource

    package init(client: WorkflowClient, time: any TimeSource = SystemTime()) {
        self.client = client
        self.time = time
    }

    /// - Parameter progress: called after every look.
    /// - Returns: the operation after it has ended.
    package func end(of operation: BulkOperation, _ progress: (BulkOperation) -> Void) async throws -> BulkOperation {
        var failures = 0
        while true {
            do throws(ClientError) {
                let now = try await client.bulkOperation(operation.id)
                failures = 0
                progress(now)
                if now.state != .running { return now }
            } catch {
                failures += 1
                guard RunWatch.mayPass(error), failures <= RunWatch.patience else { throw error }
            }
            try await time.sleep(for: RunWatch.interval)
        }
    }
}
