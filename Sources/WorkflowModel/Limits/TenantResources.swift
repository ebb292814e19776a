extension TenantSettings {
    /// Units of a resource that a tenant may have.
    public static let resourceUnits = 1...1_000_000
    /// Tasks of a tenant that may be allowed at once.
    public static let tasksAtOnceRange = 1...1_000_000
    /// What the name of a resource is made of.
    public static let resourceRule = "1 to \(ConfigurationLimits.idCharacters) letters, digits, `-`, `_` and `.`"

    public static func isResourceName(_ name: some StringProtocol) -> Bool {
        (1...ConfigurationLimits.idCharacters).contains(name.utf8.count)
            && name.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
    }

    /// The limits that these settings set, with their sizes.
    public var limits: [Limit: Int] {
        var limits: [Limit: Int] = [:]
        for (name, units) in resources { limits[.resource(name)] = units }
        if let tasksAtOnce { limits[.tasks] = tasksAtOnce }
        return limits
    }

    /// - Parameter limits: as they are kept together: `name=size`, separated by commas. Those of configurations are none of
    ///   the tenant's settings.
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

    /// What the tasks of a configuration use that this tenant does not have, or not as much of.
    public func complaints(about configuration: WorkflowConfiguration, file: String) -> ConfigurationProblems? {
        let problems = configuration.tasks.flatMap { task in
            task.uses.sorted { $0.key < $1.key }.compactMap { name, units in
                complaint(name, units).map {
                    ConfigurationProblem(file: file, line: nil, message: "Task \(task.id.quoted) \($0)")
                }
            }
        }
        guard !problems.isEmpty else { return nil }
        return ConfigurationProblems(problems: Array(problems.prefix(ConfigurationLimits.problems)))
    }

    private func complaint(_ name: String, _ units: Int) -> String? {
        if let size = resources[name] {
            guard units > size else { return nil }
            return "uses \(units) of \(name.quoted), of which the tenant \(tenant) has \(size); it has to use \(size) or less."
        }
        let known = resources.keys.sorted()
        let have = known.isEmpty ? "it has none yet" : "it has " + known.listed(before: "and")
        return "uses \(name.quoted), which is no resource of the tenant \(tenant); \(have), and "
            + "`weir tenants set \(tenant) --resource \(name)=4` makes it one with four units."
    }
}
