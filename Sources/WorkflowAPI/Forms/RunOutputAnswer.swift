import Foundation
public import NIOCore
public import WorkflowModel

/// A page of the output of a run's tasks.
public struct RunOutputAnswer: Hashable, Sendable {
    public var slices: [TaskOutputSlice]
    /// nil on the last page.
    public var nextToken: String?

    public init(slices: [TaskOutputSlice], nextToken: String?) {
        self.slices = slices
        self.nextToken = nextToken
    }

    public var document: ByteBuffer {
        let bytes = slices.reduce(0) { $0 + $1.slice.bytes.count }
        return JSONWriter.document(capacity: 64 + slices.count * 192 + bytes) { json in
            json.object { json in
                json.name("data")
                json.array(of: slices) { json, slice in json.taskOutput(slice) }
                json.member("next_token", nextToken)
            }
        }
    }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { reader in
            var slices: [TaskOutputSlice]?
            var token: String?
            try reader.object { reader, name in
                switch name {
                case "data": slices = try reader.array { try $0.taskOutput() }
                case "next_token": token = try reader.optional { try $0.string() }
                default: try reader.skip()
                }
            }
            return RunOutputAnswer(slices: try slices.required("data"), nextToken: token)
        }
    }
}

extension JSONWriter {
    /// Bytes that are text become `text`, all others `base64`.
    fileprivate mutating func taskOutput(_ output: TaskOutputSlice) {
        let slice = output.slice
        object { json in
            json.member("task_instance_id", output.task.rawValue)
            json.member("task_definition_id", output.definitionID)
            json.member("attempt", slice.attempt)
            json.member("from", slice.offset)
            json.member("next", output.next)
            json.name("last")
            json.boolean(slice.isLast)
            if !slice.bytes.contains(0), let text = String(validating: slice.bytes, as: UTF8.self) {
                json.member("text", text)
            } else {
                json.member("base64", Data(slice.bytes).base64EncodedString())
            }
        }
    }
}

extension JSONReader {
    fileprivate mutating func taskOutput() throws -> TaskOutputSlice {
        var task: String?
        var definition: String?
        var attempt: Int?
        var offset: Int?
        var next: Int?
        var isLast: Bool?
        var bytes: [UInt8]?
        try object { reader, name in
            switch name {
            case "task_instance_id": task = try reader.string()
            case "task_definition_id": definition = try reader.string()
            case "attempt": attempt = try reader.integer()
            case "from": offset = try reader.integer()
            case "next": next = try reader.integer()
            case "last": isLast = try reader.boolean()
            case "text": bytes = Array(try reader.string().utf8)
            case "base64":
                guard let data = Data(base64Encoded: try reader.string()) else { throw JSONProblem("is not Base64") }
                bytes = Array(data)
            default: try reader.skip()
            }
        }
        return TaskOutputSlice(
            task: TaskID(rawValue: try task.required("task_instance_id")),
            definitionID: try definition.required("task_definition_id"),
            slice: OutputSlice(
                attempt: try attempt.required("attempt"), offset: try offset.required("from"), bytes: try bytes.required("text"),
                isLast: try isLast.required("last")),
            next: next)
    }
}
