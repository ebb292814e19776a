/// Starts, reads and stops single runs.
public protocol RunStore: Sendable {
    /// Writes a planned run with its tasks. Results kept from another run are copied, so that they outlive that run.
    ///
    /// With an idempotency key that was used before for the same request, nothing is written and the first run is returned.
    /// A rerun that carries a decision about a task is refused while another one of the same run that does so has not ended. A run of
    /// which no task has to run ends at once.
    /// - Throws: ``StoreError/Code/idempotencyMismatch`` when the key was used for another request,
    ///   ``StoreError/Code/unavailable`` when a result to keep no longer exists, ``ResolutionRefusal/isCarriedBy(_:)``.
    func createRun(_ plan: RunPlan, once key: IdempotencyKey?) async throws -> CreatedRun

    /// The run that an idempotency key started, as it was accepted. A repeated start needs no plan, and gets its answer even
    /// when the configuration has been deleted since.
    /// - Returns: nil when the key has not been used, or has expired.
    /// - Throws: ``StoreError/Code/idempotencyMismatch`` when the key was used for another request.
    func acceptedRun(once key: IdempotencyKey, of tenant: Tenant, at now: Timestamp) async throws -> WorkflowRunDetails?

    /// - Returns: nil when the tenant has no such run.
    func run(_ id: RunID, of tenant: Tenant) async throws -> WorkflowRunDetails?

    /// Asks a run to stop: waiting tasks are canceled, tasks held by a worker are stopping. No effect on a run that is stopping
    /// or has ended.
    ///
    /// Records the request. Only the first request of a run counts.
    /// - Returns: the run after the request; nil when the tenant has no such run.
    func stopRun(_ id: RunID, of tenant: Tenant, for request: RunStop) async throws -> WorkflowRunDetails?

    /// Settles tasks of a run that goes on, as a person decided: a task that failed, or that is between two attempts.
    ///
    /// Each decision is recorded, in the transaction of the change. For a run that has ended, nothing changes, and a rerun has to carry
    /// the decision: ``RunPlan/resolutions``.
    func resolve(_ order: ResolutionOrder, in run: RunID, of tenant: Tenant) async throws -> ResolutionOutcome

    /// The definition ids of each task's needs, in the order of the tasks. They never change.
    /// - Returns: nil when the tenant has no such run.
    func needs(in run: RunID, of tenant: Tenant) async throws -> [[String]]?

    /// The activity or wait reason of each unfinished task of a run; nil when the tenant has no such run.
    func waitReasons(of id: RunID, tenant: Tenant, at now: Timestamp) async throws -> RunWaitReasons?

    /// The reruns of a run, newest first.
    /// - Parameter limit: runs at most.
    func reruns(of run: RunID, tenant: Tenant, limit: Int) async throws -> [WorkflowRun]

    /// The newest successful run of a configuration among those that a list has after that place; nil when there is none.
    /// - Parameter place: in the order of creation.
    func lastSuccessfulRun(of configuration: String, tenant: Tenant, after place: RunCursor) async throws -> WorkflowRun?
}

/// Makes a start happen once, however often it is requested.
public struct IdempotencyKey: Hashable, Sendable {
    /// How long a key is remembered.
    public static let validity = Duration.seconds(86_400)

    /// The API key that it belongs to; another API key may use the same text.
    @Exact public var owner: String
    @Exact public var text: String
    /// SHA-256 of the request.
    public var fingerprint: [UInt8]

    public init(owner: String, text: String, fingerprint: [UInt8]) {
        self.owner = owner
        self.text = text
        self.fingerprint = fingerprint
    }
}

/// A run as it was accepted: scheduled, with no task under way.
public struct CreatedRun: Hashable, Sendable {
    public var details: WorkflowRunDetails
    /// Whether an earlier request with the same idempotency key had created it.
    public var isReplay: Bool

    public init(details: WorkflowRunDetails, isReplay: Bool) {
        self.details = details
        self.isReplay = isReplay
    }
}
