/// The lines of names that only a service can check: alert receivers, resources, called workflows, and those that triggers come after.
public struct ConfigurationPlaces: Sendable {
    private var receivers: [ExactText: Int] = [:]
    private var resources: [ExactText: Int] = [:]
    private var calls: [ExactText: Int] = [:]
    private var sources: [ExactText: Int] = [:]

    /// Reads the lines of a text; of an invalid text, those that can be found.
    public init(of source: ConfigurationSource) {
        guard let root = ConfigurationReader.tree(source, Complaints()) else { return }
        for alert in root.member("alerts")?.items ?? [] {
            if let receiver = alert.member("to"), case .scalar(let name, _) = receiver.content {
                receivers[ExactText(name)] = receivers[ExactText(name)] ?? receiver.line
            }
        }
        for trigger in root.member("triggers")?.items ?? [] {
            if let source = trigger.member("after"), case .scalar(let name, _) = source.content {
                sources[ExactText(name)] = sources[ExactText(name)] ?? source.line
            }
        }
        add(root.member("defaults"))
        for stage in root.member("stages")?.items ?? [] {
            add(stage.member("defaults"))
            for task in stage.member("tasks")?.items ?? [] {
                add(task)
                if let config = task.member("workflow")?.member("config"), case .scalar(let id, _) = config.content {
                    calls[ExactText(id)] = calls[ExactText(id)] ?? config.line
                }
            }
        }
    }

    /// The resources that a task or its defaults use.
    private mutating func add(_ owner: SourceNode?) {
        guard case .mapping(let uses)? = owner?.member("uses")?.content else { return }
        for use in uses { resources[ExactText(use.name)] = resources[ExactText(use.name)] ?? use.line }
    }

    /// The first line that names a receiver in `alerts`.
    public func line(ofReceiver name: String) -> Int? { receivers[ExactText(name)] }

    /// The first line that names a workflow in the `after` of a trigger.
    public func line(ofSource name: String) -> Int? { sources[ExactText(name)] }

    /// The first line that calls a workflow.
    public func line(ofCalledWorkflow id: String) -> Int? { calls[ExactText(id)] }

    /// The first line that names a resource in the `uses` of a task.
    public func line(ofResource name: String) -> Int? { resources[ExactText(name)] }
}

extension SourceNode {
    fileprivate var items: [SourceNode] {
        guard case .list(let items) = content else { return [] }
        return items
    }

    fileprivate func member(_ name: String) -> SourceNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.name.isIdentical(to: name) }?.value
    }
}
