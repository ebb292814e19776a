public import NIOCore
public import WorkflowModel

/// Firings of triggers on the wire: an addition to the contract.
extension JSONWriter {
    public mutating func firing(_ firing: TriggerFiring) {
        object { json in
            json.member("firing_id", firing.id)
            json.member("tenant", firing.tenant.name)
            json.member("config_id", firing.configuration)
            switch firing.cause {
            case .run(let run, let configuration, let state):
                json.member("after", configuration.text)
                json.member("after_workflow_id", run.rawValue)
                json.member("after_state", state.rawValue)
            case .webhook(let name, let delivery):
                json.member("webhook", name.text)
                json.member("delivery_id", delivery.text)
            }
            json.member("fired_at", firing.firedAt)
            json.member("depth", firing.depth)
            json.member("outcome", firing.outcome.rawValue)
            json.member("note", firing.note)
            json.member("workflow_id", firing.run?.rawValue)
            json.member("parameters", firing.parameters)
            json.member("due_at", firing.dueAt)
            json.member("decided_at", firing.decidedAt)
        }
    }

    /// The member `triggered_by`; nothing for a run that no trigger started.
    mutating func member(_ name: StaticString, _ trigger: RunTrigger?) {
        guard let trigger else { return }
        self.name(name)
        json(trigger.json)
    }
}

extension FiringPage {
    /// - Parameter nextToken: nil on the last page.
    public func document(nextToken: String?) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + firings.count * 384) { json in
            json.object { json in
                json.name("data")
                json.array(of: firings) { json, firing in json.firing(firing) }
                json.member("next_token", nextToken)
            }
        }
    }
}

extension TriggerFiring {
    /// The answer to the call of a webhook.
    /// - Parameter isRepeated: whether an earlier call was this one.
    public func callDocument(isRepeated: Bool) -> ByteBuffer {
        JSONWriter.document(capacity: 256) { json in
            json.object { json in
                json.member("firing_id", id)
                json.member("outcome", outcome.rawValue)
                json.member("workflow_id", run?.rawValue)
                json.member("message", note)
                json.name("is_repeated")
                json.boolean(isRepeated)
            }
        }
    }
}
