/// The stored form of a task's needs: a JSON array of definition ids, empty without needs.
@usableFromInline
package enum Needs {
    package static func text(_ ids: [String]) -> JSONText? {
        guard !ids.isEmpty else { return nil }
        let isPlain = ids.allSatisfy { id in
            id.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        }
        guard isPlain else { return JSONText(.array(ids.map { .string($0) })) }
        return JSONText(validated: "[\"" + ids.joined(separator: "\",\"") + "\"]")
    }

    /// Called for every decision about a run, so ids without escapes (practically all) are split without a JSON parser.
    @usableFromInline
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
