/// The needs of a task as they are kept: a JSON array of definition ids, nothing when there are none.
package enum Needs {
    package static func text(_ ids: [String]) -> JSONText? {
        guard !ids.isEmpty else { return nil }
        let isPlain = ids.allSatisfy { id in
            id.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        }
        guard isPlain else { return JSONText(.array(ids.map { .string($0) })) }
        return JSONText(validated: "[\"" + ids.joined(separator: "\",\"") + "\"]")
    }

    /// Read whenever a run is decided about, so that ids without escapes, which is all of them as a rule, are simply cut apart.
    package static func ids(_ kept: JSONText?) throws -> [String] {
        guard let text = kept?.text else { return [] }
        if !text.utf8.contains(UInt8(ascii: "\\")) {
            return text.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .compactMap { $0.offset % 2 == 1 ? String($0.element) : nil }
        }
        guard case .array(let members) = JSONValue(json: text.utf8) else { throw StoreError.unreadable("the needs \(text)") }
        return members.compactMap(\.string)
    }
}
