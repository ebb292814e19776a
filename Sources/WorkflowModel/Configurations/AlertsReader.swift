/// Reads whom a configuration has told of its runs.
struct AlertsReader {
    let complaints: Complaints

    private static let example = "{to: ops, on: [failed]}"

    func routes(_ members: MemberReader) -> [AlertRoute] {
        guard let node = members.node("alerts") else { return [] }
        guard case .list(let items) = node.content else {
            members.complain(node, "`alerts` must be a list such as `- \(Self.example)`, not \(node.kind)")
            return []
        }
        guard items.count <= AlertLimits.routes else {
            members.complain(node, "there may be \(AlertLimits.routes) alerts at most, not \(items.count)")
            return []
        }
        return items.enumerated().compactMap { route($1, number: $0 + 1) }
    }

    private func route(_ node: SourceNode, number: Int) -> AlertRoute? {
        guard
            let members = MemberReader(
                node, place: "alert \(number)", accepting: ["to", "on", "attribution"], example: Self.example, complaints)
        else { return nil }
        let events = members.choices("on", of: AlertEvent.self) ?? [.failed]
        let attribution = members.node("attribution").flatMap { members.choice($0, "attribution", of: Attribution.self) }
        let accepted = "the name of a receiver: \(AlertReceiver.nameRule)"
        guard let node = members.require("to", accepted), let name = members.text(of: node, "to", accepted) else { return nil }
        guard AlertReceiver.isName(name) else {
            members.complain(node, "`to` must be \(accepted), not \(name.quoted)")
            return nil
        }
        return AlertRoute(to: name, when: AlertRule(events: events, attribution: attribution))
    }
}
