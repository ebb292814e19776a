import WorkflowModel

extension RecordBytes {
    init(_ triggers: ConfigurationTriggers) {
        add(triggers.tenant.name)
        add(triggers.configuration)
        add(triggers.triggers.count)
        for trigger in triggers.triggers {
            add(trigger.source)
            add(trigger.storedText)
        }
    }

    init(_ firing: TriggerFiring) {
        add(firing.tenant.name)
        add(firing.id)
        add(firing.configuration)
        switch firing.cause {
        case .run(let run, let configuration, let state):
            add(run.rawValue)
            add(configuration.text)
            add(state.rawValue)
        case .webhook(let name, let delivery):
            add(name.text)
            add(delivery.text)
        }
        add(firing.firedAt)
        add(firing.depth)
        add(firing.outcome.rawValue)
        add(firing.note)
        add(firing.run?.rawValue)
        add(firing.parameters.storedText)
        add(firing.dueAt)
        add(firing.decidedAt)
    }
}
