extension TenantSettings {
    /// Accepted units of a resource.
    public static let resourceUnits = 1...1_000_000
    /// Accepted limits of a tenant's tasks.
    public static let tasksAtOnceRange = 1...1_000_000
    /// The rule for the name of a resource.
    public static let resourceRule = "1 to \(ConfigurationLimits.idBytes) letters, digits, `-`, `_` and `.`"

    public static func isResourceName(_ name: some StringProtocol) -> Bool {
        (1...ConfigurationLimits.idBytes).contains(name.utf8.count)
            && name.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }

    /// The limits in these settings, with their sizes.
    public var limits: [Limit: Int] {
        var limits: [Limit: Int] = [:]
        for (name, units) in resources { limits[.resource(name)] = units }
        if let tasksAtOnce { limits[.tasks] = tasksAtOnce }
        return limits
    }

    /// - Parameter limits: the stored form: `name=size`, separated by commas. Limits of configurations are not part of a tenant's
    ///   settings.
    package init(tenant: Tenant, rateLimit: Int?, limits: String?) throws {
        self.init(tenant: tenant, rateLimit: rateLimit)
        for (name, size) in try ResourceUse.uses(limits) {
            switch Limit(rawValue: name) {
            case .tasks?: tasksAtOnce = size
            case .resource(let name)?: resources[name] = size
            case .runs?: break
            case nil: throw StoreError.unreadable("the limit \(name)")
            }
        }
    }

    /// The resources that a configuration's tasks use and the tenant lacks, or has too few units of: each resource once, with its
    /// tasks.
    /// - Parameter places: the lines of the resources.
    public func complaints(
        about configuration: WorkflowConfiguration, file: String, places: ConfigurationPlaces? = nil
    ) -> ConfigurationProblems? {
        var users: [ResourceDemand: [String]] = [:]
        for task in configuration.tasks {
            for (name, units) in task.uses {
                // For a resource that does not exist, the demanded units do not matter.
                guard resources[name].map({ units > $0 }) ?? true else { continue }
                users[ResourceDemand(name: name, units: resources[name] == nil ? nil : units), default: []].append(task.id)
            }
        }
        guard !users.isEmpty else { return nil }
        let problems = users.sorted { ($0.key.name, $0.key.units ?? 0) < ($1.key.name, $1.key.units ?? 0) }
            .map { demand, tasks in
                ConfigurationProblem(
                    file: file, line: places?.line(ofResource: demand.name), message: complaint(demand, of: tasks))
            }
        return ConfigurationProblems(problems: Array(problems.prefix(ConfigurationLimits.problems)))
    }

    private func complaint(_ demand: ResourceDemand, of tasks: [String]) -> String {
        let shown = tasks.prefix(tasks.count > 4 ? 3 : 4).map(\.quoted)
        let others = tasks.count - shown.count
        let beginning =
            tasks.count == 1
            ? "Task \(shown[0]) uses"
            : "\(tasks.count) tasks (\(shown.joined(separator: ", "))\(others > 0 ? " and \(others) more" : "")) use"
        if let units = demand.units, let size = resources[demand.name] {
            return
                "\(beginning) \(units) of \(demand.name.quoted)\(tasks.count == 1 ? "" : " each"), of which the tenant \(tenant) has "
                + "\(size); \(tasks.count == 1 ? "it" : "they") can use at most \(size)."
        }
        let known = resources.keys.sorted()
        let have = known.isEmpty ? "it has no resources yet" : "it has " + known.listed(before: "and")
        return "\(beginning) \(demand.name.quoted), which is not a resource of the tenant \(tenant); \(have). "
            + "`weir tenants set \(tenant) --resource \(demand.name)=4` adds it with four units."
    }
}

/// A resource, and the demanded units; nil for any number.
private struct ResourceDemand: Hashable {
    var name: String
    var units: Int?
}
