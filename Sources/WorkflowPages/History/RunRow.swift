import Mustache
import WorkflowModel

/// A run in the list.
struct RunRow: Sendable, MustacheParent {
    var id: String
    var href: String
    var name: String
    var place: RunPlace
    var state: StateText
    /// The number of warnings; its link narrows the list to runs with warnings. nil without warnings.
    var warnings: NamedLink?
    /// A link to the notes of the run; nil without notes.
    var notes: NamedLink?
    var startedBy: String
    var started: TimeText
    var ended: TimeText?
    var runtime: RuntimeText
    var error: ErrorLine?
    var stop: StopNote?
    /// Whether the run has changed since the page was loaded, so that the filter no longer selects it.
    var isOutside: Bool
    /// Whether the visitor can choose it for a bulk operation.
    var isSelectable: Bool
    /// The parts that the visitor hides.
    var hidden: Set<DisplayChoice.Column>

    /// - Parameters:
    ///   - notes: their number.
    ///   - address: that of the list.
    ///   - now: the end of the duration while the run is in progress; nil where a script counts.
    init(
        _ run: WorkflowRun, stop: RunStop?, notes: Int = 0, in address: HistoryAddress, for visitor: Visitor, at now: Timestamp?
    ) {
        isSelectable = visitor.canOperate
        hidden = visitor.display.hidden
        id = run.id.rawValue
        href = PageAddress.run(run.id)
        name = run.name.visible()
        place = RunPlace(run, in: address, hiding: hidden)
        state = StateText(run.state.state)
        if run.warnings > 0 {
            var filter = address.filter
            filter.hasWarnings = true
            warnings = NamedLink(label: WarningCount.text(run.warnings), href: address.narrowed(to: filter).href)
        }
        if notes > 0 {
            self.notes = NamedLink(label: CountText.text(notes, "note", "notes"), href: PageAddress.run(run.id) + "#notes")
        }
        startedBy = run.principal.name.visible()
        started = TimeText(run.createdAt)
        ended = run.endedAt.map { TimeText($0) }
        runtime = RuntimeText(from: run.createdAt, to: run.endedAt, at: now)
        error = StopNote.isStopped(run) ? nil : run.error.map { ErrorLine($0) }
        self.stop = StopNote(run, stop)
        isOutside = !address.filter.matches(run)
    }

    func child(named name: String) -> Any? {
        switch name {
        case "id": id
        case "href": href
        case "name": self.name
        case "place": place
        case "state": state
        case "warnings": warnings
        case "notes": notes
        case "startedBy": startedBy
        case "started": started
        case "ended": ended
        case "runtime": runtime
        case "error": error
        case "stop": stop
        case "isOutside": isOutside
        case "isSelectable": isSelectable
        case "hasPrincipal": !hidden.contains(.principal)
        case "hasStarted": !hidden.contains(.started)
        case "hasEnded": !hidden.contains(.ended)
        case "hasDuration": !hidden.contains(.duration)
        default: nil
        }
    }
}
