import WorkflowModel

extension RecordBytes {
    init(_ secret: TransferredSecret) {
        add(secret.name)
        add(secret.value)
    }

    init(_ settings: TenantSettings) {
        add(settings.tenant.name)
        add(settings.rateLimit) { $0.add($1) }
        add(settings.tasksAtOnce) { $0.add($1) }
        add(ResourceUse.text(settings.resources))
    }

    init(_ key: APIKey) {
        add(key.id)
        add(key.tenant.name)
        add(key.name)
        add(key.policy.rawValue)
        add(key.createdAt)
        add(key.secretHash)
        add(key.secretNumber)
        add(key.rotatedAt)
        add(key.lastUsedAt)
    }

    init(_ transferred: TransferredView) {
        add(transferred.tenant.name)
        add(transferred.view.name)
        add(transferred.view.search)
        add(transferred.view.savedBy)
        add(transferred.view.savedAt)
    }

    init(_ transferred: TransferredTenantSecret) {
        let (secret, value) = (transferred.secret.secret, transferred.secret.value)
        add(transferred.tenant.name)
        add(secret.name)
        add(secret.version)
        add(secret.setBy)
        add(secret.setAt)
        add(value.key)
        add(value.bytes)
    }

    init(_ version: ConfigurationVersion) {
        add(version.tenant.name)
        add(version.id.rawValue)
        add(version.configuration)
        add(version.number)
        add(version.name)
        add(version.type)
        add(version.source.text)
        add(version.source.format.rawValue)
        add(version.source.directory)
        add(version.source.code) { bytes, code in
            bytes.add(code.commit)
            bytes.add(code.isDirty ? 1 : 0)
        }
        add(version.createdAt)
        add(version.createdBy)
    }

    init(_ current: CurrentConfiguration) {
        add(current.tenant.name)
        add(current.configuration)
        add(current.version.rawValue)
        add(current.concurrency) { $0.add($1) }
        add(current.pause) { bytes, pause in
            bytes.add(pause.reason)
            bytes.add(pause.pausedBy)
            bytes.add(pause.since)
            bytes.add(pause.until)
        }
    }
}
