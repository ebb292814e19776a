public import NIOCore
public import WorkflowModel

/// The body that leaves a note on a run.
public struct NoteRequest: Hashable, Sendable {
    public static let members = ["text"]

    /// As it is kept; see ``RunNote/kept(_:)``.
    @Exact public var text: String

    public init(text: String) {
        self.text = text
    }

    public var document: ByteBuffer {
        JSONWriter.document(capacity: 64 + text.utf8.count) { json in
            json.object { $0.member("text", text) }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with text.") }
        var text: String?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "text": text = try reader.string()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let text else { throw .invalid("The body's text is missing; it is the text of the note.") }
        try self.init(checking: text)
    }

    /// - Throws: ``APIError`` (400) for a text that cannot be a note.
    public init(checking text: String) throws(APIError) {
        self.init(text: RunNote.kept(text))
        guard let problem = RunNote.problem(with: self.text) else { return }
        throw .invalid("The text of the note \(problem). Accepted: \(RunNote.accepted).")
    }
}
