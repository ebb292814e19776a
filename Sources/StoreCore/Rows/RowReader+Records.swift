public import WorkflowModel

// Decoders of what a tenant has beside its runs.

extension RowReader {
    @inlinable
    public mutating func nextKey() throws -> APIKey {
        APIKey(
            id: try next(), tenant: try nextTenant(), name: try next(), policy: try next(), createdAt: try next(),
            secretHash: try next(), secretNumber: try next(), rotatedAt: try next(), lastUsedAt: try next())
    }

    public mutating func nextSettings() throws -> TenantSettings {
        try TenantSettings(tenant: try nextTenant(), rateLimit: try next(), limits: try next())
    }

    @inlinable
    public mutating func nextVersion(of tenant: Tenant) throws -> ConfigurationVersion {
        ConfigurationVersion(
            id: try next(), tenant: tenant, configuration: try next(), number: try next(), name: try next(), type: try next(),
            source: ConfigurationSource(text: try next(), format: try next(), directory: try next(), code: try nextCode()),
            createdAt: try next(), createdBy: try nextPrincipal())
    }

    /// The columns code_commit, code_dirty.
    public mutating func nextCode() throws -> CodeVersion? {
        let (commit, isDirty) = (try next(String?.self), try next(Bool?.self))
        guard let commit else { return nil }
        guard let isDirty, let code = CodeVersion(commit: commit, isDirty: isDirty) else {
            throw StoreError.unreadable("the commit of a configuration version")
        }
        return code
    }

    /// The columns id, directory, code_commit, code_dirty of a configuration version.
    @inlinable
    public mutating func nextVersionCode() throws -> VersionCode {
        VersionCode(version: try next(), directory: try next(), code: try nextCode())
    }

    /// The columns name, search, id, name and email of the principal, saved_at.
    public mutating func nextView() throws -> SavedView {
        SavedView(name: try next(), search: try next(), savedBy: try nextPrincipal(), savedAt: try next())
    }

    /// The columns name, version, id, name and email of the principal, set_at.
    public mutating func nextSecretFacts() throws -> TenantSecret {
        TenantSecret(name: try next(), version: try next(), setBy: try nextPrincipal(), setAt: try next())
    }

    /// Likewise, with the columns key and sealed behind.
    public mutating func nextSealedSecret() throws -> SealedSecret {
        SealedSecret(try nextSecretFacts(), SealedValue(key: try next(), bytes: try next()))
    }

    public mutating func nextCurrentConfiguration() throws -> CurrentConfiguration {
        CurrentConfiguration(
            tenant: try nextTenant(), configuration: try next(), version: try next(), concurrency: try next(),
            pause: try nextPause())
    }
}

extension RowReader {
    @inlinable
    public mutating func nextTick(of configuration: String, tenant: Tenant) throws -> ScheduleTick {
        let instant = try next(Timestamp.self)
        return ScheduleTick(
            tenant: tenant, configuration: configuration, schedule: try next(), instant: instant, outcome: try next(),
            reason: try next(), note: try next(), run: try next(), mergedInto: try next(), dueAt: try next(),
            periodFrom: try next(), decidedAt: try next(), isBackfilled: try next())
    }

    /// The columns instant, schedule.
    public mutating func nextTickPlace() throws -> TickPlace {
        let instant = try next(Timestamp.self)
        return TickPlace(schedule: try next(), instant: instant)
    }

    public mutating func nextStretch() throws -> ScheduleStretch {
        ScheduleStretch(version: try next(), begin: try next(), end: try next())
    }

    public mutating func nextGoingRun() throws -> UnfinishedRun {
        UnfinishedRun(schedule: try next(), run: try next())
    }
}
