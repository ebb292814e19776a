public import NIOCore
public import WorkflowModel

// Bulk operations on the wire.
extension JSONWriter {
    /// - Parameter withRuns: whether the ids of its runs are written.
    public mutating func bulkOperation(_ operation: BulkOperation, withRuns: Bool) {
        object { json in
            json.member("id", operation.id.rawValue)
            json.member("tenant", operation.tenant.name)
            json.member("action", operation.action.kind.rawValue)
            json.member("parameters", operation.action)
            if case .filter = operation.selection { json.member(operation.selection) }
            if withRuns, case .runs = operation.selection { json.member(operation.selection) }
            json.member("created_before", operation.createdBefore)
            json.member("per_second", operation.perSecond)
            json.member("state", operation.state.rawValue)
            json.member("requested_at", operation.requestedAt)
            json.name("requested_by")
            json.principal(operation.requestedBy)
            json.member("total", operation.total)
            for outcome in BulkOutcome.allCases {
                json.key(outcome.rawValue)
                json.integer(operation.counts[outcome])
            }
            json.member("ended_at", operation.endedAt)
            if let principal = operation.abortedBy {
                json.name("aborted_by")
                json.principal(principal)
            }
        }
    }

    public mutating func bulkReceipt(_ receipt: BulkReceipt) {
        object { json in
            json.member("number", receipt.number)
            json.member("run_id", receipt.run.rawValue)
            json.member("outcome", receipt.result.outcome.rawValue)
            json.member("reason", receipt.result.reason)
            json.member("rerun_id", receipt.result.rerun?.rawValue)
            json.member("written_at", receipt.writtenAt)
        }
    }

    /// The parameters of an action; left out when it has none.
    mutating func member(_ name: StaticString, _ action: BulkAction) {
        switch action {
        case .stop(nil), .delete: return
        case .stop, .rerun, .resolve, .label: self.name(name)
        }
        object { json in
            switch action {
            case .stop(let reason): json.member("reason", reason?.text)
            case .rerun(let start, let version):
                json.member("from", start?.rawValue)
                json.member("version", version.rawValue)
            case .resolve(let resolution, let reason):
                json.member("resolution", resolution.rawValue)
                json.member("reason", reason?.text)
            case .delete: break
            case .label(let change):
                json.name("labels")
                json.labelChange(change)
            }
        }
    }

    mutating func labelChange(_ change: LabelChange) {
        object { json in
            for label in change.set {
                json.key(label.key)
                json.string(label.value)
            }
            for key in change.removed.sortedTexts {
                json.key(key)
                json.json(JSONText(.null))
            }
        }
    }

    /// `ids` or `filter`.
    mutating func member(_ selection: BulkSelection) {
        switch selection {
        case .runs(let ids):
            name("ids")
            array(of: ids) { json, id in json.string(id.rawValue) }
        case .filter(let filter):
            name("filter")
            object { json in
                for field in RunFilterField.all {
                    guard let texts = filter.value(of: field)?.texts else { continue }
                    json.key(field.name)
                    if field.mostValues > 1 {
                        json.array(of: texts) { json, text in json.string(text) }
                    } else {
                        json.string(texts.first ?? "")
                    }
                }
            }
        }
    }

    fileprivate mutating func counts(_ values: [RunFacets.Value]) {
        array(of: values) { json, value in
            json.object { json in
                json.member("value", value.text)
                json.member("runs", value.runs)
            }
        }
    }
}

extension BulkOperation {
    public var document: ByteBuffer {
        JSONWriter.document { $0.bulkOperation(self, withRuns: true) }
    }
}

extension BulkPreview {
    public var document: ByteBuffer {
        JSONWriter.document(capacity: 8_192) { json in
            json.object { json in
                json.member("total", total)
                json.name("states")
                json.counts(states)
                json.name("workflows")
                json.counts(workflows)
                json.name("has_all_workflows")
                json.boolean(hasAllWorkflows)
                json.name("samples")
                json.array(of: samples) { json, run in json.run(run) }
            }
        }
    }
}

extension BulkPage {
    public func document(nextToken: String?) -> ByteBuffer {
        JSONWriter.document(capacity: 256 + operations.count * 512) { json in
            json.object { json in
                json.name("data")
                json.array(of: operations) { json, operation in json.bulkOperation(operation, withRuns: false) }
                json.member("next_token", nextToken)
            }
        }
    }
}

extension BulkReceiptPage {
    public func document(nextToken: String?) -> ByteBuffer {
        JSONWriter.document(capacity: 256 + receipts.count * 192) { json in
            json.object { json in
                json.name("data")
                json.array(of: receipts) { json, receipt in json.bulkReceipt(receipt) }
                json.member("next_token", nextToken)
            }
        }
    }
}
