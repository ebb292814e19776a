/// Reads what a configuration says about when it runs by itself.
struct ScheduleReader {
    let complaints: Complaints
    /// Where zones are looked up; nil where their names have been checked before.
    let zones: (any ScheduleZones)?

    private static let names = [
        "id", "cron", "timezone", "catch_up", "catch_up_limit", "window", "overlap", "starts", "ends", "paused", "run_mode",
        "range",
    ]
    private static let example = "{cron: \"30 6 * * *\", timezone: Europe/London}"

    /// - Parameter isUsable: whether a run in a mode has anything to do.
    func schedules(_ members: MemberReader, isUsable: (RunMode) -> Bool) -> [Schedule] {
        switch (members.node("schedule"), members.node("schedules")) {
        case (nil, nil): return []
        case (_?, let list?):
            members.complain(list, "it has `schedule` and `schedules`; put all of them into `schedules`, each with its id")
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
                    item.line, "The schedule \(schedule.id.quoted) is already there in line \(first); ids of schedules differ.")
            }
            lines[schedule.id] = lines[schedule.id] ?? item.line
            return schedule
        }
    }

    private func schedule(_ node: SourceNode, place: String, isOnly: Bool, _ isUsable: (RunMode) -> Bool) -> Schedule? {
        guard let members = MemberReader(node, place: place, accepting: Self.names, example: Self.example, complaints) else {
            return nil
        }
        let id = isOnly && !members.has("id") ? Schedule.defaultID : members.requiredID()
        let cron = cron(members)
        let zone = zone(members)
        let catchUp = choice("catch_up", of: Schedule.CatchUp.self, members)
        let limit = members.whole("catch_up_limit", in: ConfigurationLimits.catchUp)
        if limit != nil, catchUp != .all {
            members.complain(
                members.value("catch_up_limit")?.line ?? members.line, "`catch_up_limit` goes with `catch_up: all`")
        }
        let window = members.duration("window")
        let overlap = choice("overlap", of: Schedule.Overlap.self, members)
        let starts = instant("starts", members)
        let ends = instant("ends", members)
        if let starts, let ends, starts >= ends {
            members.complain(members.value("ends")?.line ?? members.line, "it ends before it starts; `ends` has to be later")
        }
        let isPaused = members.flag("paused")
        let runMode = choice("run_mode", of: RunMode.self, members)
        if let runMode, complaints.isEmpty, !isUsable(runMode) {
            members.complain(
                members.value("run_mode")?.line ?? members.line,
                "`run_mode` is \(runMode.rawValue.quoted), in which no stage has a task")
        }
        let range = choice("range", of: Schedule.Range.self, members)
        guard let id, let cron else { return nil }
        return Schedule(
            id: id, cron: cron, timeZone: zone ?? Schedule.defaultZone, catchUp: catchUp ?? .last,
            catchUpLimit: limit ?? Schedule.defaultCatchUpLimit, window: window, overlap: overlap ?? .skip, starts: starts,
            ends: ends, isPaused: isPaused ?? false, runMode: runMode, range: range ?? .none)
    }

    private func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String, of type: Choice.Type, _ members: MemberReader
    ) -> Choice? {
        members.node(name).flatMap { members.choice($0, name, of: type) }
    }

    private func cron(_ members: MemberReader) -> CronExpression? {
        let accepted = "a cron expression in quotes, such as \"30 6 * * *\""
        guard let node = members.require("cron", accepted), let text = members.text(of: node, "cron", accepted) else { return nil }
        do {
            return try CronExpression(text)
        } catch {
            members.complain(node, error.message)
            return nil
        }
    }

    private func zone(_ members: MemberReader) -> String? {
        let accepted = "the IANA name of a zone, such as `Europe/London`"
        guard let node = members.node("timezone"), let name = members.text(of: node, "timezone", accepted) else { return nil }
        guard let zones else { return name }
        do {
            return try zones.zone(named: name).name
        } catch {
            members.complain(node, error.message)
            return nil
        }
    }

    private func instant(_ name: String, _ members: MemberReader) -> Timestamp? {
        guard let node = members.node(name), let text = members.text(of: node, name, Timestamp.acceptedForms) else { return nil }
        guard let instant = Timestamp(iso8601: text) else {
            members.complain(node, "\(name.quoted) must be \(Timestamp.acceptedForms), not \(text.quoted)")
            return nil
        }
        return instant
    }
}
