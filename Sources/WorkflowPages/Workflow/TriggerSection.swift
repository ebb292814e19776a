import WorkflowModel

/// The triggers of a workflow and their last events, on the page of its schedule.
struct TriggerSection: Sendable {
    struct Item: Sendable {
        var title: String
        var facts: [Fact]
    }

    struct Past: Sendable {
        var time: TimeText
        var event: String
        var causeHref: String?
        var outcome: String
        var tone: String
        var run: String?
        var runHref: String?
        var why: String?
    }

    var items: [Item]
    var past: [Past]
    var hasPast: Bool

    init(_ triggers: [WorkflowTrigger], of configuration: String, firings: [TriggerFiring], tenant: Tenant) {
        items = triggers.map { Self.item($0, of: configuration, tenant: tenant) }
        past = firings.map { firing in
            var cause: String?
            if case .run(let run, _, _) = firing.cause { cause = PageAddress.run(run) }
            return Past(
                time: TimeText(firing.firedAt), event: firing.event.visible(), causeHref: cause, outcome: firing.outcome.rawValue,
                tone: Self.tone(firing.outcome), run: firing.run?.rawValue, runHref: firing.run.map { PageAddress.run($0) },
                why: firing.note?.visible())
        }
        hasPast = !past.isEmpty
    }

    private static func item(_ trigger: WorkflowTrigger, of configuration: String, tenant: Tenant) -> Item {
        var facts: [Fact] = []
        let title: String
        switch trigger.event {
        case .after(let ending):
            title = "After \(ending.configuration.visible())"
            let ends = TriggerEnd.allCases.filter(ending.on.contains).map(\.rawValue).joined(separator: ", ")
            facts.append(
                Fact("Workflow", ending.configuration.visible(), href: PageAddress.workflow(ending.configuration), isCode: true))
            facts.append(Fact("When a run of it has", ending.on.contains(.any) ? "ended" : ends))
        case .webhook(let webhook):
            title = "Webhook \(webhook.name)"
            facts.append(Fact("Address", PageAddress.hook(webhook.name, of: configuration, tenant: tenant), isCode: true))
            facts.append(Fact("Secret", webhook.secret, isCode: true))
        }
        if let mode = trigger.runMode { facts.append(Fact("Run mode", mode.rawValue)) }
        if trigger.range == .trigger { facts.append(Fact("Range", "that of the run that has ended")) }
        return Item(title: title, facts: facts)
    }

    private static func tone(_ outcome: FiringOutcome) -> String {
        switch outcome {
        case .started: "good"
        case .refused, .failed, .cut: "bad"
        case .waiting, .paused: "quiet"
        }
    }
}
