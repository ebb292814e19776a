import WorkflowModel

extension RecordBytes {
    init(_ chain: TransferredAuditChain) {
        add(chain.tenant.name)
        add(chain.base)
        add(chain.head)
    }

    init(_ transferred: TransferredAuditEvent) {
        let event = transferred.event
        add(event.id.rawValue)
        add(event.type)
        add(event.tenant.name)
        add(event.happenedAt)
        add(event.principal)
        add(event.object.id)
        add(event.object.name)
        add(event.origin.address)
        add(event.origin.userAgent)
        add(event.origin.session)
        add(transferred.hash)
    }
}
