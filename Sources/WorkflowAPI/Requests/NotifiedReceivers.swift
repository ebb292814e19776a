import WorkflowModel

/// The member `notify` of a start or a rerun: the names of the receivers to tell of the end of the new run.
enum NotifiedReceivers {
    static let member = "notify"

    static let accepted = """
        an array of at most \(RunSubscription.most) names of receivers, each once
        """
}

extension JSONReader {
    mutating func notifiedReceivers() throws -> [String] {
        let names = try array { reader in
            let name = try reader.string()
            guard AlertReceiver.isName(name) else {
                throw JSONProblem("is \(name.quoted), which is not the name of a receiver. Accepted: \(AlertReceiver.nameRule)")
            }
            return name
        }
        guard names.count <= RunSubscription.most else {
            throw JSONProblem("has \(names.count) names. Accepted: \(NotifiedReceivers.accepted)")
        }
        guard Set(names).count == names.count else {
            throw JSONProblem("has a name twice. Accepted: \(NotifiedReceivers.accepted)")
        }
        return names
    }
}

extension JSONWriter {
    /// A member `notify`; nothing without names.
    mutating func notifiedReceivers(_ names: [String]) {
        guard !names.isEmpty else { return }
        name("notify")
        array(of: names) { json, name in json.string(name) }
    }
}
