import WorkflowModel

/// A failed task beside the error of its run, with the resolutions that apply to it.
struct FailedTask: Sendable {
    /// A link to the form with a resolution chosen.
    struct Action: Sendable {
        var href: String
        var label: String
        /// For screen readers, which meet it without the name of the task.
        var name: String
    }

    var href: String
    var label: String
    var actions: [Action]

    /// - Parameter guide: nil where no resolution is offered.
    init(_ task: TaskInstance, _ guide: ResolutionGuide?) {
        let label = task.label.visible()
        self.label = label
        href = PageAddress.task(task.id, of: task.run)
        actions = (guide?.offers(for: task) ?? []).compactMap { offer in
            offer.resolution.shortName.map { name in
                Action(
                    href: PageAddress.resolve(task.id, of: task.run, by: offer.resolution), label: name,
                    name: "\(name): \(label)")
            }
        }
    }
}

extension Resolution {
    /// nil for those that act on more than one task; Rerun offers these.
    fileprivate var shortName: String? {
        switch self {
        case .retry: "Retry"
        case .skip: "Skip"
        case .succeed: "Mark succeeded"
        case .fromHere, .fromStart: nil
        }
    }
}

/// The newest rerun of a failed run, in its error card.
struct RerunNote: Sendable {
    var href: String
    var id: String
    var state: StateText
    var time: TimeText

    init(_ run: WorkflowRun) {
        href = PageAddress.run(run.id)
        id = run.id.rawValue
        state = StateText(run.state.state)
        time = TimeText(run.createdAt)
    }
}
