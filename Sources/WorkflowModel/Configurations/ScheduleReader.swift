/// Reads the schedules of a configuration.
struct ScheduleReader {
    let complaints: Complaints
    /// nil when zone names have been checked before.
    let zones: (any ScheduleZones)?
    /// Those of the configuration.
    let parameters: [ParameterDefinition]

    /// - Parameter isUsable: whether a run in a mode has any tasks.
    func schedules(_ members: MemberReader, isUsable: (RunMode) -> Bool) -> [Schedule] {
        switch (members.node(WorkflowMembers.schedule), members.node(WorkflowMembers.schedules)) {
        case (nil, nil): return []
        case (_?, let list?):
            members.complain(
                list, "`schedule` and `schedules` exclude each other; put all schedules into `schedules`, each with an id")
            return []
        case (let node?, nil): return schedule(node, place: "the schedule", isOnly: true, isUsable).map { [$0] } ?? []
        case (nil, let node?): return list(node, members, isUsable)
        }
    }

    private func list(_ node: SourceNode, _ members: MemberReader, _ isUsable: (RunMode) -> Bool) -> [Schedule] {
        guard case .list(let items) = node.content, !items.isEmpty else {
            let kind = if case .list = node.content { "an empty list" } else { node.kind }
            members.complain(node, "`schedules` must be a list such as `- {id: nightly, cron: \"30 6 * * *\"}`, not \(kind)")
            return []
        }
        guard items.count <= ConfigurationLimits.schedules else {
            members.complain(node, "there may be \(ConfigurationLimits.schedules) schedules at most, not \(items.count)")
            return []
        }
        var lines: [String: Int] = [:]
        return items.enumerated().compactMap { place, item in
            guard let schedule = schedule(item, place: "schedule \(place + 1)", isOnly: false, isUsable) else { return nil }
            if let first = lines[schedule.id] {
                complaints.add(
                    item.line,
                    "The schedule id \(schedule.id.quoted) is already used in line \(first). Give each schedule its own id.")
            }
            lines[schedule.id] = lines[schedule.id] ?? item.line
            return schedule
        }
    }

    private func schedule(_ node: SourceNode, place: String, isOnly: Bool, _ isUsable: (RunMode) -> Bool) -> Schedule? {
        let mapping = isOnly ? ScheduleMembers.mapping : ScheduleMembers.listed
        guard let members = MemberReader(node, mapping, place: place, complaints) else { return nil }
        let id = isOnly && !members.has(ScheduleMembers.id) ? Schedule.defaultID : members[ScheduleMembers.listedID]
        let cron = cron(members)
        let zone = zone(members)
        let catchUp = members[ScheduleMembers.catchUp]
        let limit = members[ScheduleMembers.catchUpLimit.member]
        if limit != nil, catchUp != .all {
            members.complain(members.line(of: ScheduleMembers.catchUpLimit), "`catch_up_limit` needs `catch_up: all`")
        }
        let window = members[ScheduleMembers.window]
        let overlap = members[ScheduleMembers.overlap]
        let starts = members[ScheduleMembers.starts]
        let ends = members[ScheduleMembers.ends]
        if let starts, let ends, starts >= ends {
            members.complain(members.line(of: ScheduleMembers.ends), "`ends` must be later than `starts`")
        }
        let isPaused = members[ScheduleMembers.paused]
        let runMode = members[ScheduleMembers.runMode]
        if let runMode, complaints.isEmpty, !isUsable(runMode) {
            members.complain(
                members.line(of: ScheduleMembers.runMode), "`run_mode` is \(runMode.rawValue.quoted), in which no stage has a task")
        }
        let range = members[ScheduleMembers.range]
        let settings = ScheduleParametersReader(definitions: parameters, members: members).settings(of: range)
        guard let id, let cron else { return nil }
        return Schedule(
            id: id, cron: cron, timeZone: zone ?? Schedule.defaultZone, catchUp: catchUp,
            catchUpLimit: limit ?? ScheduleMembers.catchUpLimit.standard, window: window, overlap: overlap, starts: starts,
            ends: ends,
            isPaused: isPaused, runMode: runMode, range: range, parameters: settings)
    }

    private func cron(_ members: MemberReader) -> CronExpression? {
        guard let text = members[ScheduleMembers.cron] else { return nil }
        do {
            return try CronExpression(text)
        } catch {
            members.complain(members.line(of: ScheduleMembers.cron), error.message)
            return nil
        }
    }

    private func zone(_ members: MemberReader) -> String? {
        guard let name = members[ScheduleMembers.timezone] else { return nil }
        guard let zones else { return name }
        let line = members.line(of: ScheduleMembers.timezone)
        if let reason = ScheduleZone.refusal(of: name) {
            members.complain(line, reason)
            return nil
        }
        do {
            return try zones.zone(named: name).name
        } catch {
            members.complain(line, error.message)
            return nil
        }
    }
}
