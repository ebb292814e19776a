/// The resources of a task as a store keeps them: `name=units`, separated by commas; empty for none. Resource names contain neither
/// of these characters.
@usableFromInline
package enum ResourceUse {
    package static func text(_ uses: [String: Int]) -> String? {
        guard !uses.isEmpty else { return nil }
        return uses.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")
    }

    @usableFromInline
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

/// The units held by a tenant's leases, and by its tasks that wait for work outside.
package struct LeasedUnits {
    package private(set) var tasks = 0
    private var resources: [String: Int] = [:]

    /// - Parameter waiting: the units of tasks that wait for work outside, which hold no slot for tasks.
    package init(_ leases: [[String: Int]], waiting: [[String: Int]] = []) {
        tasks = leases.count
        for lease in leases + waiting { resources.merge(lease, uniquingKeysWith: +) }
    }

    /// - Parameter runs: the number of runs of a configuration under way.
    package func taken(of limit: Limit, runs: (String) throws -> Int) rethrows -> Int {
        switch limit {
        case .tasks: tasks
        case .runs(let configuration): try runs(configuration)
        case .resource(let name): resources[name] ?? 0
        }
    }
}
