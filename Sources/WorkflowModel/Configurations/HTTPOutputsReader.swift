/// Reads the member `outputs` of an HTTP call.
struct HTTPOutputsReader {
    let members: MemberReader

    init(_ members: MemberReader) {
        self.members = members
    }

    var outputs: [HTTPCall.Output] {
        guard let node = members.node(HTTPMembers.outputs) else { return [] }
        guard case .mapping(let entries) = node.content, !entries.isEmpty else {
            members.complain(
                node, "`outputs` must be a mapping such as \(HTTPMembers.outputs.description.example.quoted), not \(node.kind)")
            return []
        }
        if entries.count > ConfigurationLimits.replyOutputs {
            members.complain(node, "`outputs` may have \(ConfigurationLimits.replyOutputs) at most, not \(entries.count)")
        }
        return entries.compactMap(output)
    }

    private func output(_ entry: SourceNode.Entry) -> HTTPCall.Output? {
        guard RunParameters.isName(entry.name), entry.name != "warnings" else {
            members.complain(
                entry.line,
                "\(entry.name.quoted) is not a name of an output; accepted are \(RunParameters.acceptedNames), but not `warnings`")
            return nil
        }
        guard let text = members.text(of: entry.value, "outputs", "a mapping of names to paths") else { return nil }
        guard let path = ReplyPath(text) else {
            members.complain(
                entry.value,
                "the path of the output \(entry.name.quoted) must be \(ReplyPath.accepted), of \(ReplyPath.longest) bytes at most, "
                    + "not \(text.quoted)")
            return nil
        }
        return HTTPCall.Output(name: entry.name, path: path)
    }
}
