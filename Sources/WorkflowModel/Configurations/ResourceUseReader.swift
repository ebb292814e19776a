/// Reads the `uses` of a task: the resources that it needs.
enum ResourceUseReader {
    static func uses(_ members: MemberReader) -> [String: Int] {
        guard let node = members.node(TaskMembers.uses) else { return [:] }
        guard case .mapping(let entries) = node.content else {
            members.complain(node, "`uses` must be a mapping such as `{warehouse: 1}`, not \(node.kind)")
            return [:]
        }
        guard entries.count <= ConfigurationLimits.resourcesUsed else {
            members.complain(
                node, "`uses` may name \(ConfigurationLimits.resourcesUsed) resources at most, not \(entries.count)")
            return [:]
        }
        var uses: [String: Int] = [:]
        for entry in entries {
            guard TenantSettings.isResourceName(entry.name) else {
                members.complain(
                    entry.line, "`uses` names \(entry.name.quoted); the name of a resource is \(TenantSettings.resourceRule)")
                continue
            }
            uses[entry.name] = members.whole(entry.value, "uses", in: TenantSettings.resourceUnits)
        }
        return uses
    }
}
