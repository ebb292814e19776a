public import NIOCore
public import WorkflowModel

/// The body that saves a view.
public struct ViewRequest: Hashable, Sendable {
    public static let members = ["search"]

    /// As it is typed; see ``RunSearch``.
    @Exact public var search: String

    public init(search: String) {
        self.search = search
    }

    public var document: ByteBuffer {
        JSONWriter.document(capacity: 64 + search.utf8.count) { json in
            json.object { $0.member("search", search) }
        }
    }

    /// - Throws: ``APIError`` (400) saying what is wrong and what is accepted.
    public init(body bytes: [UInt8]) throws(APIError) {
        guard !bytes.isEmpty else { throw .invalid("The body is empty; it has to be a JSON object with search.") }
        var search: String?
        do {
            try JSONReader.read(bytes) { reader in
                try reader.object { reader, name in
                    switch name {
                    case "search": search = try reader.string()
                    default: throw JSONProblem.unknownMember(name, accepted: Self.members)
                    }
                }
            }
        } catch {
            throw APIError(body: error)
        }
        guard let search else { throw .invalid("The body's search is missing; it is the search that the view keeps.") }
        self.init(search: search)
    }

    /// Checks the name of a new view.
    /// - Throws: ``APIError`` (400)
    public static func check(name: String) throws(APIError) {
        if let problem = NameRule.problem(with: name) {
            throw .invalid("The name of the view \(problem). Accepted: \(NameRule.words).")
        }
        guard PathSegment.isSafe(name) else {
            throw .invalid(
                "The name of the view, \(name.quoted), leads to another place in an address. Accepted: a name with something else "
                    + "than `.` or `..` before, between and after its slashes.")
        }
    }

    /// Checks the search of a new view.
    /// - Parameter now: the time that relative times in it refer to.
    /// - Throws: ``APIError`` (400)
    public static func check(search: String, at now: Timestamp) throws(APIError) {
        do {
            _ = try RunSearch(reading: search, at: now)
        } catch {
            throw .invalid(error.message)
        }
    }
}
