public import NIOCore
public import WorkflowModel

extension JSONWriter {
    public mutating func note(_ note: RunNote) {
        object { json in
            json.member("written_at", note.writtenAt)
            json.member("principal_id", note.writtenBy.id)
            json.member("principal_name", note.writtenBy.name)
            json.member("principal_email", note.writtenBy.email)
            json.member("text", note.text)
        }
    }

    /// A member `notes`; nothing without notes.
    mutating func notes(_ notes: [RunNote]) {
        guard !notes.isEmpty else { return }
        name("notes")
        array(of: notes) { json, note in json.note(note) }
    }
}

extension RunNote {
    public var document: ByteBuffer { JSONWriter.document { $0.note(self) } }

    /// - Throws: ``JSONProblem``
    public init(json bytes: [UInt8]) throws(JSONProblem) {
        self = try JSONReader.read(bytes) { try $0.note() }
    }
}

extension JSONReader {
    /// The notes of a run, in answers and in history.
    mutating func notes() throws -> [RunNote] {
        let notes = try array { try $0.note() }
        guard !readsHistory || notes.count <= RunNote.most else {
            throw JSONProblem("has \(notes.count) notes. Accepted: at most \(RunNote.most)")
        }
        return notes
    }

    fileprivate mutating func note() throws -> RunNote {
        var writtenAt: Timestamp?
        var (id, name, email): (String?, String?, String?) = (nil, nil, nil)
        var text: String?
        try object { reader, member in
            switch member {
            case "written_at": writtenAt = try reader.optional { try $0.timestamp() }
            case "principal_id": id = try reader.optional { try $0.label() }
            case "principal_name": name = try reader.optional { try $0.label() }
            case "principal_email": email = try reader.optional { try $0.label() }
            case "text": text = try reader.noteText()
            default: try reader.skip()
            }
        }
        // Imported history does not always name the principal.
        let principal = Principal(id: id ?? "unknown", name: name ?? id ?? "unknown", email: email)
        return RunNote(by: principal, at: try writtenAt.required("written_at"), text: try text.required("text"))
    }

    private mutating func noteText() throws -> String {
        let text = try string()
        guard readsHistory, let problem = RunNote.problem(with: text) else { return text }
        throw JSONProblem("\(problem). Accepted: \(RunNote.accepted)")
    }
}
