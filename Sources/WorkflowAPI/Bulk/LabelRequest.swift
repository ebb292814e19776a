public import NIOCore
public import WorkflowModel

extension LabelChange {
    /// The body of ``BulkEndpoints/labelRun``.
    public var document: ByteBuffer {
        JSONWriter.document { $0.labelChange(self) }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with labels.") }
        do {
            self = try JSONReader.read(bytes) { try $0.labelChange() }
        } catch {
            throw APIError(body: error)
        }
        guard !isEmpty else { throw .invalid("The body names no label. Accepted: labels to set, or null for those to remove.") }
    }
}

extension RunLabels {
    /// `{"labels": {"team": "crm"}}`
    public var document: ByteBuffer {
        JSONWriter.document { json in
            json.object { json in
                json.name("labels")
                json.object { json in
                    for label in self {
                        json.key(label.key)
                        json.string(label.value)
                    }
                }
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var labels: RunLabels?
            try reader.object { reader, name in
                if name == "labels" { labels = try reader.labelsOfRun() } else { try reader.skip() }
            }
            return try labels.required("labels")
        }
    }
}
