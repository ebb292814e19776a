/// A JSON value kept as its text, so that no tree is built on the way from a task to a client.
///
/// The creator guarantees that the text is one valid JSON value in UTF-8.
public struct JSONText: Hashable, Sendable {
    @Exact public private(set) var text: String

    public init(validated text: String) {
        self.text = text
    }

    public init(_ value: JSONValue) {
        text = value.text
    }
}
