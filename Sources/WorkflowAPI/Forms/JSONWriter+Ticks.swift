public import NIOCore
public import WorkflowModel

/// Ticks on the wire: an addition to the contract.
extension JSONWriter {
    public mutating func tick(_ tick: ScheduleTick) {
        object { json in
            json.member("tenant", tick.tenant.name)
            json.member("config_id", tick.configuration)
            json.member("schedule", tick.schedule)
            json.member("scheduled_for", tick.instant)
            json.member("outcome", tick.outcome.rawValue)
            json.member("reason", tick.reason?.rawValue)
            json.member("note", tick.note)
            json.member("workflow_id", tick.run?.rawValue)
            json.member("merged_into", tick.mergedInto)
            json.member("due_at", tick.dueAt)
            json.member("range_from", tick.periodFrom)
            json.member("decided_at", tick.decidedAt)
            json.name("is_backfilled")
            json.boolean(tick.isBackfilled)
        }
    }
}

extension TickPage {
    /// - Parameter nextToken: nil on the last page.
    public func document(nextToken: String?) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + ticks.count * 256) { json in
            json.object { json in
                json.name("data")
                json.array(of: ticks) { json, tick in json.tick(tick) }
                json.member("next_token", nextToken)
            }
        }
    }
}
