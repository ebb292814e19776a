/// What of its tenant's resources a task uses while a worker holds it, as it is kept: `name=units`, separated by commas,
/// nothing when it uses none. Names of resources have neither of these characters in them.
package enum ResourceUse {
    package static func text(_ uses: [String: Int]) -> String? {
        guard !uses.isEmpty else { return nil }
        return uses.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    package static func uses(_ text: String?) throws -> [String: Int] {
        guard let text else { return [:] }
        var uses: [String: Int] = [:]
        for part in text.split(separator: ",") {
            let pair = part.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, let units = Int(pair[1]) else { throw StoreError.unreadable("the uses \(text)") }
            uses[String(pair[0])] = units
        }
        return uses
    }
}

/// What the leases of a tenant take, from what each of them uses.
package struct LeasedUnits {
    package private(set) var tasks = 0
    private var resources: [String: Int] = [:]

    package init(_ leases: [[String: Int]]) {
        tasks = leases.count
        for lease in leases { resources.merge(lease, uniquingKeysWith: +) }
    }

    /// - Parameter runs: how many runs of a configuration are under way.
    package func taken(of limit: Limit, runs: (String) throws -> Int) rethrows -> Int {
        switch limit {
        case .tasks: tasks
        case .runs(let configuration): try runs(configuration)
        case .resource(let name): resources[name] ?? 0
        }
    }
}
