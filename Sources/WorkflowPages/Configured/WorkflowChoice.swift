public import WorkflowModel

/// Which workflows the list shows.
public struct WorkflowChoice: Hashable, Sendable {
    public enum Show: String, CaseIterable, Sendable {
        case all, failing, paused
    }

    /// A part of an id, a name, a type or a label.
    @Exact public var text: String
    public var show: Show

    /// Values of other versions are the default, so that an old link shows a list.
    public init(text: String = "", show: String? = nil) {
        self.text = text
        self.show = show.flatMap(Show.init) ?? .all
    }

    func includes(_ workflow: ConfiguredWorkflow) -> Bool {
        switch show {
        case .all: break
        case .failing: guard workflow.isFailing else { return false }
        case .paused: guard workflow.pause != nil else { return false }
        }
        guard !text.isEmpty else { return true }
        let wanted = text.lowercased()
        let version = workflow.version
        let texts = [version.configuration, version.name, version.type] + workflow.labels.map { "\($0.key):\($0.value)" }
        return texts.contains { $0.lowercased().contains(wanted) }
    }

    /// The query of the list.
    func query(_ show: Show) -> String {
        PageAddress.query([("q", text.isEmpty ? nil : text), ("show", show == .all ? nil : show.rawValue)])
    }
}
