/// Reads the `alerts` of a configuration.
struct AlertsReader {
    let complaints: Complaints

    func routes(_ members: MemberReader) -> [AlertRoute] {
        guard let node = members.node(WorkflowMembers.alerts) else { return [] }
        guard case .list(let items) = node.content else {
            members.complain(node, "`alerts` must be a list such as `- \(AlertMembers.mapping.example)`, not \(node.kind)")
            return []
        }
        guard items.count <= AlertLimits.routes else {
            members.complain(node, "there may be \(AlertLimits.routes) alerts at most, not \(items.count)")
            return []
        }
        return items.enumerated().compactMap { route($1, number: $0 + 1) }
    }

    private func route(_ node: SourceNode, number: Int) -> AlertRoute? {
        guard let members = MemberReader(node, AlertMembers.mapping, place: "alert \(number)", complaints) else { return nil }
        let events = members[AlertMembers.on]
        let attribution = members[AlertMembers.attribution]
        guard let name = members[AlertMembers.to] else { return nil }
        return AlertRoute(to: name, when: AlertRule(events: events, attribution: attribution))
    }
}
