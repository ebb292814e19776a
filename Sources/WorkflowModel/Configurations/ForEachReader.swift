/// Reads `for_each` of a task, with the members that belong to it.
struct ForEachReader {
    let members: MemberReader

    func forEach() -> ForEach? {
        let maxParallel = members[TaskMembers.maxParallel]
        let failsFast = members[TaskMembers.failFast]
        guard let node = members.node(TaskMembers.forEach) else {
            for member in [TaskMembers.maxParallel, TaskMembers.failFast] as [any DescribedMember] where members.has(member) {
                members.complain(members.line(of: member), "\(member.name.quoted) needs `for_each`; a task without it runs once")
            }
            return nil
        }
        return items(node).map { ForEach($0, maxParallel: maxParallel, failsFast: failsFast) }
    }

    private func items(_ node: SourceNode) -> ForEach.Items? {
        switch node.content {
        case .list(let items): return list(items, node)
        case .scalar(let text, _): return value(text, node)
        case .mapping:
            complain(node, "not a mapping")
            return nil
        }
    }

    private func complain(_ node: SourceNode, _ problem: String) {
        members.complain(
            node, "`for_each` must be a list, or one expression such as `\"${outputs.list-files.files}\"`, \(problem)")
    }

    private func value(_ text: String, _ node: SourceNode) -> ForEach.Items? {
        do throws(SubstitutionProblem) {
            guard let reference = try TextTemplate(text).only else {
                complain(node, "not \(node.kind)")
                return nil
            }
            switch reference.root {
            case .outputs, .parameters: return .value(reference)
            case .run, .secrets, .item, .trigger, .response:
                complain(node, "but \(reference.quoted) is no list. Accepted: an output of a task that it needs, or a parameter")
                return nil
            }
        } catch {
            members.complain(node, "`for_each` \(error.message)")
            return nil
        }
    }

    private func list(_ items: [SourceNode], _ node: SourceNode) -> ForEach.Items? {
        guard items.count <= FanOutLimits.items else {
            members.complain(node, "`for_each` may have \(FanOutLimits.items.grouped) items at most, not \(items.count.grouped)")
            return nil
        }
        for (index, item) in items.enumerated() {
            let size = item.json.text.utf8.count
            guard size <= FanOutLimits.itemBytes else {
                members.complain(
                    item,
                    "item \(index) of `for_each` has \(size.grouped) bytes. Accepted: \(FanOutLimits.itemBytes.grouped) at most")
                return nil
            }
            if let (line, expression) = Self.expression(in: item) {
                members.complain(
                    line,
                    "item \(index) of `for_each` has \(expression.quoted). Accepted: items without expressions, or one expression for the "
                        + "whole list")
                return nil
            }
        }
        return .list(node.json)
    }

    private static func expression(in node: SourceNode) -> (line: Int, String)? {
        switch node.content {
        case .scalar(let text, _): return TemplatePlace.expression(in: text).map { (node.line, $0) }
        case .list(let items): return items.lazy.compactMap(expression).first
        case .mapping(let entries): return entries.lazy.compactMap { expression(in: $0.value) }.first
        }
    }
}
