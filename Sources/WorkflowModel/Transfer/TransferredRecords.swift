/// A secret of the service, such as the key that signs tokens. Transferring it keeps tokens valid.
public struct TransferredSecret: Hashable, Sendable {
    public var name: String
    public var value: [UInt8]

    public init(name: String, value: [UInt8]) {
        self.name = name
        self.value = value
    }
}

/// A saved view.
public struct TransferredView: Hashable, Sendable {
    public var tenant: Tenant
    public var view: SavedView

    public init(tenant: Tenant, view: SavedView) {
        self.tenant = tenant
        self.view = view
    }
}

/// A secret of a tenant. It stays encrypted, and the other service needs the key.
public struct TransferredTenantSecret: Hashable, Sendable {
    public var tenant: Tenant
    public var secret: SealedSecret

    public init(tenant: Tenant, secret: SealedSecret) {
        self.tenant = tenant
        self.secret = secret
    }
}

/// The current version of a configuration. A deleted configuration has none, but keeps its versions.
public struct CurrentConfiguration: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    public var version: ConfigurationVersionID
    /// Runs at the same time; nil for no limit.
    public var concurrency: Int?
    /// Its last pause, which may have ended.
    public var pause: WorkflowPause?

    public init(
        tenant: Tenant, configuration: String, version: ConfigurationVersionID, concurrency: Int? = nil, pause: WorkflowPause? = nil
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.version = version
        self.concurrency = concurrency
        self.pause = pause
    }
}

/// The triggers of a configuration after other workflows.
public struct ConfigurationTriggers: Hashable, Sendable {
    public var tenant: Tenant
    @Exact public var configuration: String
    /// By the id of the other workflow.
    public var triggers: [AfterTrigger]

    public init(tenant: Tenant, configuration: String, triggers: [AfterTrigger]) {
        self.tenant = tenant
        self.configuration = configuration
        self.triggers = triggers
    }
}

/// The progress of a configuration's schedules.
public struct TransferredSchedules: Hashable, Sendable {
    public var tenant: Tenant
    public var configuration: String
    public var revision: Int64
    public var decidedUntil: Timestamp
    public var wakeAt: Timestamp?
    public var waitsForRun: Bool
    /// Oldest first.
    public var stretches: [ScheduleStretch]

    public init(
        tenant: Tenant, configuration: String, revision: Int64, decidedUntil: Timestamp, wakeAt: Timestamp?, waitsForRun: Bool,
        stretches: [ScheduleStretch] = []
    ) {
        self.tenant = tenant
        self.configuration = configuration
        self.revision = revision
        self.decidedUntil = decidedUntil
        self.wakeAt = wakeAt
        self.waitsForRun = waitsForRun
        self.stretches = stretches
    }
}

/// A kept piece of an attempt's output.
public struct TransferredOutput: Hashable, Sendable {
    public var tenant: Tenant
    public var run: RunID
    public var runCreatedAt: Timestamp
    /// The position of the task in its run, from 0.
    public var position: Int
    public var attempt: Int
    public var chunk: OutputChunk

    public init(tenant: Tenant, run: RunID, runCreatedAt: Timestamp, position: Int, attempt: Int, chunk: OutputChunk) {
        self.tenant = tenant
        self.run = run
        self.runCreatedAt = runCreatedAt
        self.position = position
        self.attempt = attempt
        self.chunk = chunk
    }
}

/// An idempotency key and the run that it started.
public struct TransferredStartKey: Hashable, Sendable {
    public var tenant: Tenant
    public var key: IdempotencyKey
    public var run: RunID
    public var runCreatedAt: Timestamp
    public var usedAt: Timestamp

    public init(tenant: Tenant, key: IdempotencyKey, run: RunID, runCreatedAt: Timestamp, usedAt: Timestamp) {
        self.tenant = tenant
        self.key = key
        self.run = run
        self.runCreatedAt = runCreatedAt
        self.usedAt = usedAt
    }
}
