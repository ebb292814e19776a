/// Collects the expressions in the parts of a call.
struct HTTPExpressions {
    let call: HTTPCall
    /// Those of `http`.
    let members: MemberReader

    func expressions() -> [WrittenExpression] {
        guard !members.complaints.areOfAcceptedText else { return [] }
        let url = WrittenExpression(
            references: call.urlTemplate.references, place: "`url`", line: members.line(of: HTTPMembers.url))
        return [url] + headers() + body()
    }

    private func headers() -> [WrittenExpression] {
        guard case .mapping(let entries)? = members.value(HTTPMembers.headers)?.content else { return [] }
        return call.headers.map { header in
            let line = entries.first { $0.name.isIdentical(to: header.name) }?.value.line ?? members.line
            return WrittenExpression(header.value, in: .header, place: "the header \(header.name.quoted)", line: line, members)
        }
    }

    private func body() -> [WrittenExpression] {
        switch call.body {
        case .none, .inputs: return []
        case .text(let text):
            return [WrittenExpression(text, in: .body, place: "the call", line: members.line(of: HTTPMembers.body), members)]
        case .json:
            guard let node = members.value(HTTPMembers.json) else { return [] }
            var found: [WrittenExpression] = []
            collect(node, &found)
            return found
        }
    }

    private func collect(_ node: SourceNode, _ found: inout [WrittenExpression]) {
        switch node.content {
        case .scalar(let text, _):
            found.append(WrittenExpression(text, in: .json, place: "`json`", line: node.line, members))
        case .list(let items):
            for item in items { collect(item, &found) }
        case .mapping(let entries):
            for entry in entries {
                if let expression = TemplatePlace.expression(in: entry.name) {
                    members.complain(
                        entry.line, "`json` has \(expression.quoted) in the name of a member; only values can hold expressions")
                }
                collect(entry.value, &found)
            }
        }
    }
}
