import NIOCore
import WorkflowAPI
import WorkflowModel

/// The output of `--json`: the API's forms where they exist, one line each.
enum JSONOutput {
    static func text(_ document: ByteBuffer) -> String {
        String(buffer: document)
    }

    static func text(_ write: (inout JSONWriter) -> Void) -> String {
        String(buffer: JSONWriter.document(write))
    }

    /// `{"run": …, "attempts": […]}`
    static func details(_ details: WorkflowRunDetails, attempts: [TaskAttemptRecord]) -> String {
        text { json in
            json.object { json in
                json.name("run")
                json.verbose(details)
                json.name("attempts")
                json.array(of: attempts) { json, attempt in json.attempt(attempt) }
            }
        }
    }

    static func verbose(_ details: WorkflowRunDetails) -> String {
        text { $0.verbose(details) }
    }

    static func run(_ run: WorkflowRun) -> String {
        text { $0.run(run) }
    }

    static func configurations(_ configurations: [ConfigurationAnswer]) -> String {
        list(configurations) { $0.configuration($1) }
    }

    /// `{"data": […]}`
    static func list<Element>(_ elements: [Element], _ write: (inout JSONWriter, Element) -> Void) -> String {
        text { json in
            json.object { json in
                json.name("data")
                json.array(of: elements, write)
            }
        }
    }
}

extension JSONWriter {
    mutating func configuration(_ configuration: ConfigurationAnswer) {
        object { json in
            json.member("id", configuration.id)
            json.member("name", configuration.name)
            json.member("type", configuration.type)
            json.member("labels", configuration.labels)
            json.member("version", configuration.version.rawValue)
            json.member("number", configuration.number)
            json.member("created_at", configuration.createdAt)
            json.name("created_by")
            json.object { json in
                json.member("id", configuration.createdBy.id)
                json.member("name", configuration.createdBy.name)
                json.member("email", configuration.createdBy.email)
            }
            json.member("code", configuration.code)
            json.pause(configuration.pause)
            json.record(configuration.record)
        }
    }
}
