/// Reads the `parameters` of a schedule, and checks that its runs have all that they need, because a tick cannot ask for them.
struct ScheduleParametersReader {
    /// Those of the configuration.
    let definitions: [ParameterDefinition]
    let members: MemberReader

    /// - Parameter range: that of the schedule's runs.
    func settings(of range: Schedule.Range) -> [ParameterSetting] {
        let entries = members.parameterEntries(ScheduleMembers.parameters)
        var settings: [ParameterSetting] = []
        for entry in entries {
            guard let definition = definitions.first(where: { $0.name.isIdentical(to: entry.name) }) else {
                let names = definitions.map(\.name)
                let accepted = names.isEmpty ? "the configuration has none" : "accepted are \(names.listed(before: "and"))"
                members.complain(entry.line, "`parameters` has \(entry.name.quoted), which is no parameter; \(accepted)")
                continue
            }
            let reader = ParameterValueReader(definition: definition, members: members)
            if let value = reader.template(entry.value, entry.name) {
                settings.append(ParameterSetting(name: definition.name, value: value))
            }
        }
        checkMissing(settings, given: entries.map { ExactText($0.name) }, range)
        return settings
    }

    private func checkMissing(_ settings: [ParameterSetting], given: [ExactText], _ range: Schedule.Range) {
        let run = RunContext.tick(with: range)
        for definition in definitions where definition.isRequired || definition.standard != nil {
            let setting = settings.first { $0.name.isIdentical(to: definition.name) }
            // A value that could not be read has been complained of.
            guard setting != nil || !given.contains(ExactText(definition.name)) else { continue }
            guard let template = setting?.value ?? definition.standard else {
                members.complain(
                    members.line(of: ScheduleMembers.parameters),
                    "the parameter \(definition.name.quoted) needs a value, because it has no default; set it in `parameters` of the schedule"
                )
                continue
            }
            guard template.value(in: run) == nil, definition.isRequired || setting != nil else { continue }
            members.complain(
                members.line(of: ScheduleMembers.parameters),
                "the parameter \(definition.name.quoted) is made from a range, which the runs of the schedule do not have; add `range: period`"
            )
        }
    }
}

/// A value that a schedule gives to a parameter of its runs.
public struct ParameterSetting: Hashable, Sendable {
    @Exact public var name: String
    public var value: JSONTemplate

    public init(name: String, value: JSONTemplate) {
        self.name = name
        self.value = value
    }
}

extension [ParameterSetting] {
    /// The values in a run. One that is made from what the run does not have is left out.
    public func values(in run: RunContext) -> RunParameters {
        RunParameters(compactMap { setting in setting.value.value(in: run).map { (setting.name, $0) } })
    }
}

extension RunContext {
    /// Some run of a schedule, which tells what such runs have.
    fileprivate static func tick(with range: Schedule.Range) -> RunContext {
        let instant = Timestamp(milliseconds: 0)
        return RunContext(
            id: RunID(rawValue: "wf-19700101-00000-000000"), tenant: "", configuration: "", name: "", createdAt: instant,
            mode: .full,
            range: range == .period ? TimeWindow(from: instant, to: instant) : nil, scheduledFor: instant)
    }
}

extension MemberReader {
    /// The values that a member gives to parameters; empty without the member, and where it is no such mapping.
    func parameterEntries(_ member: some DescribedMember) -> [SourceNode.Entry] {
        guard let node = node(member) else { return [] }
        guard case .mapping(let entries) = node.content, entries.count <= ParameterLimits.count else {
            complain(
                node,
                "`\(member.name)` must be a mapping of \(ParameterLimits.count) values at most, such as `\(member.description.example)`, "
                    + "not \(node.kind)")
            return []
        }
        return entries
    }
}
