public import WorkflowModel

extension RunDetailsPage {
    /// The regions that change while the run is in progress. Each row is a region: a changed task sends its own row only.
    /// - Parameter now: the end of the timeline's scale.
    public static func look(
        _ details: WorkflowRunDetails, attempts: [TaskAttemptRecord], reruns: [WorkflowRun] = [],
        waitReasons: RunWaitReasons? = nil, version: ConfigurationVersion? = nil, configuration: WorkflowConfiguration? = nil,
        failure: FailureExcerpt? = nil, choice: TaskChoice = TaskChoice(), for visitor: Visitor, with pages: Pages,
        at now: Timestamp
    ) -> LiveLook {
        let coarse = LiveClock.coarse(now, since: details.run.createdAt)
        let page = RunDetailsPage(
            details, attempts: attempts, reruns: reruns, waitReasons: waitReasons, version: version, configuration: configuration,
            choice: choice, for: visitor, at: coarse, isLook: true
        ).showing(failure)
        let (tasks, timeline) = (page.tasks, page.tasks.timeline)
        var regions = [
            ("run-actions", "run_actions"), ("run-summary", "run_summary"), ("run-failure", "failure"), ("run-facts", "run_facts"),
            ("task-filters", "task_filters"), ("timeline-scale", "timeline_scale"), ("timeline-note", "timeline_note"),
            ("tasks-note", "tasks_note"), ("graph-states", "graph_states"),
        ].map { LiveRegion(id: $0, html: pages.render(page, $1)) }
        regions += tasks.stages.map { LiveRegion(id: $0.id, html: pages.render($0, "stage")) }
        regions.append(LiveRegion(id: "timeline-rows", children: timeline.rows.map(\.id)))
        regions += timeline.rows.map { LiveRegion(id: $0.id, html: pages.render($0, "timeline_row")) }
        for group in tasks.groups {
            regions.append(LiveRegion(id: group.noteID, html: pages.render(group, "group_note")))
            regions.append(LiveRegion(id: group.rowsID, children: group.rows.map(\.id)))
            regions += group.rows.map { LiveRegion(id: $0.id, html: pages.render($0, "task_row")) }
        }
        return LiveLook(regions: regions, isFinal: details.run.state.hasEnded)
    }

    /// With the end of the log of its first failed task, and since when the workflow fails.
    public func showing(_ failure: FailureExcerpt?) -> Self {
        var page = self
        page.failure = failure
        return page
    }
}

/// The time used to render live updates. It advances in steps that grow with the elapsed time, so that an unchanged page is not
/// sent again. Between the steps a script counts.
enum LiveClock {
    static func coarse(_ now: Timestamp, since start: Timestamp) -> Timestamp {
        let elapsed = max(0, (now - start).milliseconds)
        let step: Int64 =
            switch elapsed {
            case ..<120_000: 2_000
            case ..<3_600_000: 15_000
            default: 60_000
            }
        return Timestamp(milliseconds: start.milliseconds + elapsed / step * step)
    }
}
