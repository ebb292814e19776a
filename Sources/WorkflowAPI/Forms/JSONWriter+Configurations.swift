public import NIOCore
public import WorkflowModel

/// Configurations on the wire: an addition to the contract.
extension JSONWriter {
    /// - Parameters:
    ///   - withSource: a list leaves out the text, its format and its directory.
    ///   - labels: those of the text.
    ///   - pause: the one in force.
    ///   - record: how its last runs went, in a list.
    ///   - definition: the text as it is read; nil in a list, and for a text that cannot be read.
    ///   - warnings: about the text, in the answer to the request that stored it.
    public mutating func configuration(
        _ version: ConfigurationVersion, withSource: Bool, labels: RunLabels = RunLabels(), pause: WorkflowPause? = nil,
        record: RunRecord? = nil, definition: WorkflowConfiguration? = nil, warnings: [String] = []
    ) {
        object { json in
            json.member("id", version.configuration)
            json.member("name", version.name)
            json.member("type", version.type)
            json.member("version", version.id.rawValue)
            json.member("number", version.number)
            json.member("created_at", version.createdAt)
            json.name("created_by")
            json.principal(version.createdBy)
            json.member("labels", labels)
            json.member("code", version.source.code)
            if withSource {
                json.member("format", version.source.format.rawValue)
                json.member("directory", version.source.directory)
                json.member("source", version.source.text)
            }
            json.pause(pause)
            json.record(record)
            json.definition(definition, of: version.tenant)
            json.warnings(warnings)
        }
    }

    /// The member `warnings`; nothing without any.
    mutating func warnings(_ warnings: [String]) {
        guard !warnings.isEmpty else { return }
        name("warnings")
        array(of: warnings) { $0.string($1) }
    }

    /// An object; nothing where the code is not known.
    public mutating func member(_ name: StaticString, _ code: CodeVersion?) {
        guard let code else { return }
        self.name(name)
        object { json in
            json.member("commit", code.commit)
            json.name("dirty")
            json.boolean(code.isDirty)
        }
    }

    /// The member `pause`; nothing for a workflow that is not paused.
    public mutating func pause(_ pause: WorkflowPause?) {
        guard let pause else { return }
        name("pause")
        object { json in
            json.member("reason", pause.reason)
            json.name("paused_by")
            json.principal(pause.pausedBy)
            json.member("since", pause.since)
            json.member("until", pause.until)
        }
    }

    /// The member `record`; nothing when no run has succeeded or failed.
    public mutating func record(_ record: RunRecord?) {
        guard let record else { return }
        name("record")
        object { json in
            json.member("ended", record.ended)
            json.member("succeeded", record.succeeded)
            json.member("success_percent", record.successPercent)
            json.member("p50_ms", record.median)
            json.member("p95_ms", record.percentile95)
        }
    }
}

extension ConfigurationVersion {
    /// - Parameters:
    ///   - labels: those of the text.
    ///   - pause: the one in force.
    ///   - definition: the text as it is read; nil for one that cannot be read.
    ///   - warnings: about the text, in the answer to the request that stored it.
    public func document(
        labels: RunLabels, pause: WorkflowPause?, definition: WorkflowConfiguration? = nil, warnings: [String] = []
    ) -> ByteBuffer {
        JSONWriter.document(capacity: 512 + source.text.utf8.count) { json in
            json.configuration(
                self, withSource: true, labels: labels, pause: pause, definition: definition, warnings: warnings)
        }
    }

    /// - Parameters:
    ///   - labels: those of a version's text.
    ///   - pauses: those in force, by configuration.
    ///   - records: how the last runs went, by configuration.
    public static func listDocument(
        _ versions: [ConfigurationVersion], labels: (ConfigurationVersion) -> RunLabels, pauses: [String: WorkflowPause],
        records: [String: RunRecord]
    ) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + versions.count * 400) { json in
            json.object { json in
                json.name("data")
                json.array(of: versions) { json, version in
                    json.configuration(
                        version, withSource: false, labels: labels(version), pause: pauses[version.configuration],
                        record: records[version.configuration])
                }
            }
        }
    }
}

extension TaskAttemptRecord {
    public static func listDocument(_ attempts: [TaskAttemptRecord]) -> ByteBuffer {
        JSONWriter.document(capacity: 64 + attempts.count * 256) { json in
            json.object { json in
                json.name("data")
                json.array(of: attempts) { json, attempt in json.attempt(attempt) }
            }
        }
    }
}
