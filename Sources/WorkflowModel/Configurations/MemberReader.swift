/// Reads the members of one mapping, and reports those that are unknown, missing or invalid.
struct MemberReader {
    /// The mapping in messages: ``task `pull-orders` ``.
    let place: String
    /// The first line of the mapping.
    let line: Int
    let complaints: Complaints
    private let members: [ExactText: SourceNode]

    /// - Parameter mapping: which members are accepted.
    /// - Returns: nil when the node is not a mapping.
    init?(_ node: SourceNode, _ mapping: ConfigurationMapping, place: String, _ complaints: Complaints) {
        guard case .mapping(let entries) = node.content else {
            complaints.add(
                node.line, "\(place.capitalizedFirst) must be a mapping such as \(mapping.example.quoted), not \(node.kind).")
            return nil
        }
        self.place = place
        self.complaints = complaints
        line = node.line
        members = Dictionary(entries.map { (ExactText($0.name), $0.value) }, uniquingKeysWith: { first, _ in first })
        for entry in entries where !mapping.names.containsExactly(entry.name) {
            complaints.add(entry.line, Self.unknown(entry.name, in: place, mapping.names))
        }
    }

    private static func unknown(_ name: String, in place: String, _ names: [String]) -> String {
        let hint = suggestion(for: name, among: names).map { "; did you mean \($0.quoted)?" } ?? "."
        return "\(place.capitalizedFirst) has no member \(name.quoted)\(hint) Accepted: \(names.listed(before: "and"))."
    }

    /// The member; nil when it is missing. A member without a value is reported and counts as missing.
    func node(_ member: some DescribedMember) -> SourceNode? {
        guard let node = members[member.name] else { return nil }
        guard !node.isNull else {
            complain(node, "\(member.name.quoted) has no value; give it one or leave it out")
            return nil
        }
        return node
    }

    func has(_ member: some DescribedMember) -> Bool {
        members[member.name] != nil
    }

    /// The member as it is written, including null.
    func value(_ member: some DescribedMember) -> SourceNode? {
        members[member.name]
    }

    /// The member as it is written, including null, by its name.
    func value(named name: String) -> SourceNode? {
        members[ExactText(name)]
    }

    /// The line of the member, or of the mapping if the member is missing.
    func line(of member: some DescribedMember) -> Int {
        members[member.name]?.line ?? line
    }

    func require(_ member: some DescribedMember, _ accepted: String) -> SourceNode? {
        if members[member.name] == nil { complain(line, "\(member.name.quoted) is missing; it must be \(accepted)") }
        return node(member)
    }

    func complain(_ node: SourceNode, _ message: String) {
        complain(node.line, message)
    }

    func complain(_ line: Int, _ message: String) {
        complaints.add(line, "\(place.capitalizedFirst): \(message)\(message.hasSuffix("?") ? "" : ".")")
    }
}

extension MemberReader {
    /// The text of a scalar as it was written, even if it looks like another type.
    func text(of node: SourceNode, _ name: String, _ accepted: String) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            complain(node, "\(name.quoted) must be \(accepted), not \(node.kind)")
            return nil
        }
        return text
    }

    /// A name for display, by ``NameRule``. Names that were accepted under an older rule stay readable.
    func name(of node: SourceNode, _ name: String) -> String? {
        let accepted = "a text of \(NameRule.words)"
        guard let text = text(of: node, name, accepted) else { return nil }
        if !complaints.areOfAcceptedText, let problem = NameRule.problem(with: text) {
            complain(node, "\(name.quoted) must be \(accepted); \(text.quoted) \(problem)")
            return nil
        }
        return text
    }

    static let acceptedID = "1 to \(ConfigurationLimits.idBytes) letters, digits, `-`, `_` and `.`, but not `.` or `..`"

    func id(of node: SourceNode, _ name: String) -> String? {
        guard let text = text(of: node, name, Self.acceptedID) else { return nil }
        let allowed = text.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
        guard allowed, (1...ConfigurationLimits.idBytes).contains(text.utf8.count), text != ".", text != ".." else {
            complain(node, "\(name.quoted) must be \(Self.acceptedID), not \(text.quoted)")
            return nil
        }
        return text
    }

    /// A duration, longer than zero unless `allowingZero`.
    func duration(
        of node: SourceNode, _ name: String, allowingZero: Bool, upTo longest: Duration = ConfigurationLimits.longestDuration
    ) -> Duration? {
        let accepted =
            Duration.configurationForm + (allowingZero ? "" : ", longer than zero") + ", \(longest.configurationText) at most"
        guard let text = text(of: node, name, accepted) else { return nil }
        guard let duration = Duration(configurationText: text, upTo: longest), allowingZero || duration > .zero else {
            let unit = !text.isEmpty && text.utf8.allSatisfy(\.isDigit) ? "; a number needs its unit" : ""
            complain(node, "\(name.quoted) must be \(accepted), not \(text.quoted)\(unit)")
            return nil
        }
        return duration
    }

    func whole(_ node: SourceNode, _ name: String, in range: ClosedRange<Int>) -> Int? {
        guard case .scalar(let text, isPlain: true) = node.content, text.utf8.allSatisfy(\.isDigit), let number = Int(text),
            range.contains(number)
        else {
            let hint = node.isQuotedNumber ? " (a number is written without quotes)" : ""
            complain(
                node,
                "\(name.quoted) must be a whole number from \(range.lowerBound) to \(range.upperBound), not \(node.kind)\(hint)")
            return nil
        }
        return number
    }

    /// `true` or `false`.
    func flag(of node: SourceNode, _ name: String) -> Bool? {
        guard case .scalar(let text, isPlain: true) = node.content, let flag = Bool(text) else {
            complain(node, "\(name.quoted) must be `true` or `false`, not \(node.kind)")
            return nil
        }
        return flag
    }

    func decimal(_ node: SourceNode, _ name: String, in range: ClosedRange<Double>) -> Double? {
        guard case .scalar(let text, isPlain: true) = node.content, JSONTree.isNumber(text), let number = Double(text),
            range.contains(number)
        else {
            complain(
                node, "\(name.quoted) must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)), not \(node.kind)")
            return nil
        }
        return number
    }

    func instant(of node: SourceNode, _ name: String) -> Timestamp? {
        guard let text = text(of: node, name, Timestamp.acceptedForms) else { return nil }
        guard let instant = Timestamp(iso8601: text) else {
            complain(node, "\(name.quoted) must be \(Timestamp.acceptedForms), not \(text.quoted)")
            return nil
        }
        return instant
    }

    /// One of the values of an enumeration.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ node: SourceNode, _ name: String, of type: Choice.Type)
        -> Choice?
    {
        let accepted = Choice.allCases.map(\.rawValue)
        guard case .scalar(let text, _) = node.content, let choice = Choice(rawValue: text) else {
            var hint = ""
            if case .scalar(let text, _) = node.content,
                // Other engines write `on_failure` and `on-failure`.
                let meant = suggestion(for: text, among: accepted)
                    ?? accepted.first(where: { text == "on_\($0)" || text == "on-\($0)" })
            {
                hint = "; did you mean \(meant.quoted)?"
            }
            complain(node, "\(name.quoted) must be \(accepted.listed(before: "or")), not \(node.kind)\(hint)")
            return nil
        }
        return choice
    }

    /// A list of values of an enumeration: at least one, each once.
    func choices<Choice: CaseIterable & RawRepresentable<String> & Hashable>(
        _ node: SourceNode, _ name: String, of type: Choice.Type
    )
        -> Set<Choice>?
    {
        let accepted = "a list of one or more of " + Choice.allCases.map(\.rawValue).listed(before: "and")
        guard case .list(let items) = node.content, !items.isEmpty else {
            let kind = if case .list = node.content { "an empty list" } else { node.kind }
            complain(node, "\(name.quoted) must be \(accepted), not \(kind)")
            return nil
        }
        var chosen: Set<Choice> = []
        for item in items {
            guard let choice = choice(item, name, of: type) else { continue }
            if !chosen.insert(choice).inserted { complain(item, "\(name.quoted) names \(choice.rawValue.quoted) twice") }
        }
        return chosen
    }
}

extension SourceNode {
    fileprivate var isQuotedNumber: Bool {
        guard case .scalar(let text, isPlain: false) = content else { return false }
        return JSONTree.isNumber(text)
    }
}

extension String {
    var capitalizedFirst: String {
        prefix(1).uppercased() + dropFirst()
    }
}

extension Unicode.Scalar {
    var isControl: Bool { properties.generalCategory == .control }
}
