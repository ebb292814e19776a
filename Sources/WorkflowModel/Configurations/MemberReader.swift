/// Reads the members of one mapping, complaining of each that is unknown, missing or not what it should be.
struct MemberReader {
    /// What the mapping is, as messages call it: ``task `pull-orders` ``.
    let place: String
    /// The line that the mapping begins in.
    let line: Int
    let complaints: Complaints
    private let members: [String: SourceNode]

    /// - Parameters:
    ///   - example: how it is written, for whoever wrote something else than a mapping.
    /// - Returns: nil when the node is no mapping.
    init?(_ node: SourceNode, place: String, accepting names: [String], example: String, _ complaints: Complaints) {
        guard case .mapping(let entries) = node.content else {
            complaints.add(node.line, "\(place.capitalizedFirst) must be a mapping such as \(example.quoted), not \(node.kind).")
            return nil
        }
        self.place = place
        self.complaints = complaints
        line = node.line
        members = Dictionary(entries.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        for entry in entries where !names.contains(entry.name) {
            complaints.add(entry.line, Self.unknown(entry.name, in: place, names))
        }
    }

    private static func unknown(_ name: String, in place: String, _ names: [String]) -> String {
        let hint = suggestion(for: name, among: names).map { "; did you mean \($0.quoted)?" } ?? "."
        return "\(place.capitalizedFirst) has no member \(name.quoted)\(hint) It may have \(names.listed(before: "and"))."
    }

    /// The member; nil when it is not there. One without a value is complained of and left out.
    func node(_ name: String) -> SourceNode? {
        guard let node = members[name] else { return nil }
        guard !node.isNull else {
            complain(node, "\(name.quoted) has no value; give it one or leave it out")
            return nil
        }
        return node
    }

    func has(_ name: String) -> Bool {
        members[name] != nil
    }

    /// The member as it is written, nothing included.
    func value(_ name: String) -> SourceNode? {
        members[name]
    }

    func require(_ name: String, _ accepted: String) -> SourceNode? {
        if members[name] == nil { complain(line, "\(name.quoted) is missing; it is \(accepted)") }
        return node(name)
    }

    func complain(_ node: SourceNode, _ message: String) {
        complain(node.line, message)
    }

    func complain(_ line: Int, _ message: String) {
        complaints.add(line, "\(place.capitalizedFirst): \(message)\(message.hasSuffix("?") ? "" : ".")")
    }
}

extension MemberReader {
    /// The text of a scalar as it was written, whatever else it looks like.
    func text(of node: SourceNode, _ name: String, _ accepted: String) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            complain(node, "\(name.quoted) must be \(accepted), not \(node.kind)")
            return nil
        }
        return text
    }

    /// A name for people: one line, not empty.
    func name(_ name: String) -> String? {
        node(name).flatMap { self.name(of: $0, name) }
    }

    func requiredName(_ name: String, _ example: String) -> String? {
        require(name, "a text such as \(example.quoted)").flatMap { self.name(of: $0, name) }
    }

    private func name(of node: SourceNode, _ name: String) -> String? {
        let accepted = "a text of 1 to \(ConfigurationLimits.nameCharacters) characters without line breaks"
        guard let text = text(of: node, name, accepted) else { return nil }
        let isPrintable = text.unicodeScalars.allSatisfy { !$0.isControl }
        guard isPrintable, text.contains(where: { !$0.isWhitespace }), text.count <= ConfigurationLimits.nameCharacters else {
            complain(node, "\(name.quoted) must be \(accepted)")
            return nil
        }
        return text
    }

    /// An id: letters, digits, `-`, `_` and `.`.
    func requiredID() -> String? {
        let accepted = "1 to \(ConfigurationLimits.idCharacters) letters, digits, `-`, `_` and `.`, but not `.` or `..`"
        guard let node = require("id", accepted), let text = text(of: node, "id", accepted) else { return nil }
        let allowed = text.utf8.allSatisfy { $0.isLetterOrDigit || "-_.".utf8.contains($0) }
        guard allowed, (1...ConfigurationLimits.idCharacters).contains(text.utf8.count), text != ".", text != ".." else {
            complain(node, "`id` must be \(accepted), not \(text.quoted)")
            return nil
        }
        return text
    }

    /// A duration; `least` is the smallest that makes sense.
    func duration(_ name: String, allowingZero: Bool = false) -> Duration? {
        let accepted = Duration.configurationForm + (allowingZero ? "" : ", longer than nothing") + ", 365d at most"
        guard let node = node(name), let text = text(of: node, name, accepted) else { return nil }
        guard let duration = Duration(configurationText: text), allowingZero || duration > .zero else {
            let unit = !text.isEmpty && text.utf8.allSatisfy(\.isDigit) ? "; a number needs its unit" : ""
            complain(node, "\(name.quoted) must be \(accepted), not \(text.quoted)\(unit)")
            return nil
        }
        return duration
    }

    func whole(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(name) else { return nil }
        return whole(node, name, in: range)
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
    func flag(_ name: String) -> Bool? {
        guard let node = node(name) else { return nil }
        guard case .scalar(let text, isPlain: true) = node.content, let flag = Bool(text) else {
            complain(node, "\(name.quoted) must be `true` or `false`, not \(node.kind)")
            return nil
        }
        return flag
    }

    func decimal(_ name: String, in range: ClosedRange<Double>) -> Double? {
        guard let node = node(name) else { return nil }
        guard case .scalar(let text, isPlain: true) = node.content, JSONTree.isNumber(text), let number = Double(text),
            range.contains(number)
        else {
            complain(
                node, "\(name.quoted) must be a number from \(Int(range.lowerBound)) to \(Int(range.upperBound)), not \(node.kind)")
            return nil
        }
        return number
    }

    /// One of the values of an enumeration.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(_ node: SourceNode, _ name: String, of type: Choice.Type)
        -> Choice?
    {
        let accepted = Choice.allCases.map(\.rawValue)
        guard case .scalar(let text, _) = node.content, let choice = Choice(rawValue: text) else {
            var hint = ""
            if case .scalar(let text, _) = node.content, let meant = suggestion(for: text, among: accepted) {
                hint = "; did you mean \(meant.quoted)?"
            }
            complain(node, "\(name.quoted) must be \(accepted.listed(before: "or")), not \(node.kind)\(hint)")
            return nil
        }
        return choice
    }

    /// A list of values of an enumeration, each once, at least one.
    func choices<Choice: CaseIterable & RawRepresentable<String> & Hashable>(_ name: String, of type: Choice.Type) -> Set<Choice>? {
        guard let node = node(name) else { return nil }
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
