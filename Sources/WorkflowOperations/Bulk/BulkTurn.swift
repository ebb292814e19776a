import WorkflowModel

/// One turn of a node with a bulk operation: as many runs as the operation may act on in a second, or as many as take that long.
struct BulkTurn {
    /// Runs that are read from a list at a time. They are acted on in the state in which they were read, or in a later one.
    private static let page = 100

    private let operation: BulkOperation
    private let lease: BulkLease
    private let store: any BulkStore & RunListStore
    private let time: any TimeSource
    private let beganAt: Timestamp
    private let elapsedBefore: Duration
    /// Runs that the turn may still act on.
    private var left: Int
    /// The receipts that are written.
    private var receipts: Int
    /// The place behind the run that was done last.
    private var place: RunCursor?
    /// Runs that were read and not done, with their places, and the place behind them; nil at the end of the list.
    private var runs: ArraySlice<(id: RunID, place: RunCursor?)> = []
    private var goesOn = true

    init(_ claimed: ClaimedBulkOperation, store: any BulkStore & RunListStore, time: any TimeSource) {
        operation = claimed.operation
        lease = claimed.lease
        place = claimed.place
        receipts = operation.counts.receipts
        left = operation.perSecond
        self.store = store
        self.time = time
        beganAt = time.now
        elapsedBefore = time.elapsed
    }

    /// The next run; nil at the end of the turn.
    mutating func next() async throws -> RunID? {
        while left > 0, time.elapsed - elapsedBefore < BulkLimits.turn, !Task.isCancelled {
            if let run = runs.first { return run.id }
            guard goesOn else { return nil }
            try await readPage()
        }
        return nil
    }

    /// Acts on the run that ``next()`` has returned.
    /// - Returns: false when the operation has ended, or another node has it.
    mutating func take(_ act: BulkAct, on run: RunID) async throws -> Bool {
        guard let current = runs.popFirst() else { return false }
        left -= 1
        let receipt: BulkReceipt?
        do {
            receipt = try await carryOut(act, on: current)
        } catch let error as StoreError where error.code != .unavailable && error.code != .notReady {
            // Trying again would not help, and the operation has to come to its other runs.
            receipt = try await carryOut(.settle(BulkResult(.refused, error.message)), on: current)
        }
        guard receipt != nil else { return false }
        receipts += 1
        place = current.place ?? place
        return true
    }

    private func carryOut(_ act: BulkAct, on run: (id: RunID, place: RunCursor?)) async throws -> BulkReceipt? {
        try await store.carryOut(BulkStep(receipts + 1, act, on: run.id, at: run.place), under: lease, at: time.now)
    }

    /// Gives the operation back, for its next turn a second after this one began.
    func end() async throws {
        let isThrough = runs.isEmpty && !goesOn
        let continuation =
            isThrough ? BulkContinuation.finished : .later(max(beganAt + BulkLimits.turn, time.now), place: place)
        try await store.release(lease, continuation, at: time.now)
    }

    private mutating func readPage() async throws {
        switch operation.selection {
        case .runs(let ids):
            runs = ids.dropFirst(receipts).map { (id: $0, place: RunCursor?.none) }[...]
            goesOn = false
        case .filter(let filter):
            var query = RunQuery(
                tenant: operation.tenant, filter: filter.limited(to: operation.createdBefore), sort: RunSort(by: .created),
                limit: min(left, Self.page))
            query.after = place
            let page = try await store.runs(matching: query)
            runs = page.runs.map { (id: $0.id, place: RunCursor(of: $0, by: .created)) }[...]
            goesOn = page.next != nil
            // A search that found nothing has come ahead all the same.
            if page.runs.isEmpty { place = page.next ?? place }
        }
    }
}
