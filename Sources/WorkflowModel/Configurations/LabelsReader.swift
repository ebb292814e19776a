/// Reads the `labels` of a configuration.
enum LabelsReader {
    static func labels(_ members: MemberReader) -> RunLabels {
        guard let node = members.node(WorkflowMembers.labels) else { return RunLabels() }
        guard case .mapping(let entries) = node.content else {
            members.complain(
                node, "`labels` must be a mapping such as `\(WorkflowMembers.labels.description.example)`, not \(node.kind)")
            return RunLabels()
        }
        guard entries.count <= RunLabels.most else {
            members.complain(node, "`labels` may have \(RunLabels.most) labels at most, not \(entries.count)")
            return RunLabels()
        }
        return RunLabels(entries.compactMap { label($0, members) })
    }

    private static func label(_ entry: SourceNode.Entry, _ members: MemberReader) -> RunLabel? {
        guard RunLabel.isKey(entry.name) else {
            members.complain(entry.line, "`labels` has the key \(entry.name.quoted); accepted are \(RunLabel.acceptedKeys)")
            return nil
        }
        guard !entry.value.isNull else {
            members.complain(entry.value, "the label \(entry.name.quoted) has no value; write `\"\"` for an empty one")
            return nil
        }
        guard case .scalar(let value, _) = entry.value.content else {
            members.complain(entry.value, "the label \(entry.name.quoted) must have a text as its value, not \(entry.value.kind)")
            return nil
        }
        guard let label = RunLabel(key: entry.name, value: value) else {
            members.complain(
                entry.value, "the label \(entry.name.quoted) has the value \(value.quoted); accepted are \(RunLabel.acceptedValues)"
            )
            return nil
        }
        return label
    }
}
