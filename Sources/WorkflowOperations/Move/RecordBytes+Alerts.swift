import WorkflowModel

extension RecordBytes {
    init(_ receiver: AlertReceiver) {
        add(receiver.tenant.name)
        add(receiver.name)
        add(receiver.kind.rawValue)
        add(receiver.url)
        add(receiver.rule)
        add(receiver.secret)
        add(receiver.previousSecret) { $0.add($1) }
        add(receiver.rotatedAt)
        add(receiver.createdAt)
        add(receiver.disabledAt)
        add(receiver.disabledReason)
    }

    init(_ rules: ConfigurationAlerts) {
        add(rules.tenant.name)
        add(rules.configuration)
        add(rules.routes.count)
        for route in rules.routes {
            add(route.receiver)
            add(route.rule)
        }
    }

    init(_ transferred: TransferredAlert) {
        let alert = transferred.alert
        add(alert.id)
        add(alert.tenant.name)
        add(alert.receiver)
        add(alert.event.rawValue)
        switch alert.subject {
        case .run(let run): add(run.rawValue)
        case .tick(let schedule, let nominal):
            add(schedule)
            add(nominal)
        }
        add(alert.title)
        add(alert.configuration)
        add(alert.occurredAt)
        add(alert.state.rawValue)
        add(alert.attempts)
        add(alert.nextAttemptAt)
        add(alert.lastAttemptAt)
        add(alert.answer)
        add(transferred.runCreatedAt)
    }

    private mutating func add(_ rule: AlertRule) {
        let lists = [rule.events.map(\.rawValue).sorted(), rule.types, rule.configurations]
        for list in lists {
            add(list.count)
            for text in list { add(text) }
        }
        add(rule.attribution?.rawValue)
    }
}
