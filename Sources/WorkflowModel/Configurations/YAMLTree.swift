import Yams

/// Parses YAML into a tree with line numbers.
///
/// Anchors, aliases, tags and further documents are rejected. Aliases are never expanded: each `*` is replaced by a private-use
/// character before the text is composed and restored in the scalars afterwards, and a plain scalar that begins with it was an
/// alias. Characters beyond ASCII are replaced too, because the library compares names by Unicode equivalence and would confuse
/// names that differ in their bytes.
struct YAMLTree {
    private let text: String
    private let complaints: Complaints
    private let placeholders: PlaceholderCharacters

    /// - Returns: nil when the text is not valid YAML; the problem is added to the complaints. A tree can have complaints too.
    static func read(_ text: String, _ complaints: Complaints) -> SourceNode? {
        YAMLTree(text: text, complaints: complaints, placeholders: PlaceholderCharacters(for: text)).read()
    }

    private func read() -> SourceNode? {
        do {
            let parser = try Parser(yaml: placeholders.disarmed(text), resolver: .basic, encoding: .utf8)
            // Anchors are only known while the parser exists.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    complaints.add(nil, "The text is empty; a configuration has `id`, `name`, `type` and `stages`.")
                    return nil
                }
                return node(root, depth: 1)
            }
        } catch let error as YamlError {
            report(error)
        } catch {
            complaints.add(nil, "The text is not valid YAML.")
        }
        return nil
    }

    private func node(_ node: Node, depth: Int) -> SourceNode {
        let line = node.mark?.line ?? 1
        if node.anchor != nil {
            complaints.add(line, "Anchors (`&name`) and aliases (`*name`) are not accepted; write the value out where it is used.")
        }
        let nothing = SourceNode(content: .scalar("", isPlain: false), line: line)
        switch node {
        case .scalar(let scalar):
            checkTag(scalar.tag, allowed: .str, line: line)
            let isPlain = scalar.style == .plain
            if isPlain, scalar.string.unicodeScalars.first == PlaceholderCharacters.star {
                complainOfAlias(scalar.string, line: line)
            }
            return SourceNode(content: .scalar(restored(scalar.string), isPlain: isPlain), line: line)
        case .sequence(let sequence):
            checkTag(sequence.tag, allowed: .seq, line: line)
            guard depth <= ConfigurationLimits.depth else { return tooDeep(nothing) }
            return SourceNode(content: .list(sequence.map { self.node($0, depth: depth + 1) }), line: line)
        case .mapping(let mapping):
            checkTag(mapping.tag, allowed: .map, line: line)
            guard depth <= ConfigurationLimits.depth else { return tooDeep(nothing) }
            let entries = mapping.compactMap { key, value -> SourceNode.Entry? in
                let name = self.node(key, depth: depth + 1)
                guard case .scalar(let text, _) = name.content else {
                    complaints.add(name.line, "A member name must be a text, not \(name.kind).")
                    return nil
                }
                return SourceNode.Entry(name: text, line: name.line, value: self.node(value, depth: depth + 1))
            }
            return SourceNode(content: .mapping(entries), line: line)
        case .alias:
            complainOfAlias("*", line: line)
            return nothing
        }
    }

    private func checkTag(_ tag: Tag, allowed: Tag.Name, line: Int) {
        let name = tag.rawValue
        guard name != Tag.Name.implicit.rawValue, name != Tag.Name.nonSpecific.rawValue, name != allowed.rawValue else { return }
        let short = name.hasPrefix("tag:yaml.org,2002:") ? "!!" + name.dropFirst("tag:yaml.org,2002:".count) : name
        complaints.add(line, "The tag \(restored(short).quoted) is not accepted; write the value without a tag.")
    }

    private func tooDeep(_ node: SourceNode) -> SourceNode {
        complaints.add(node.line, Self.tooDeep)
        return node
    }

    private static let tooDeep = "Lists and mappings may be nested at most \(ConfigurationLimits.depth) levels deep."

    private func complainOfAlias(_ text: String, line: Int) {
        complaints.add(
            line,
            "\(restored(text).quoted) begins with `*`, which YAML reads as an alias. Aliases are not accepted; put text that "
                + "begins with `*` in quotes.")
    }

    private func restored(_ text: String) -> String {
        placeholders.restored(text)
    }
}

extension YAMLTree {
    private func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            if problem.hasPrefix("Maximum nesting level") {
                complaints.add(mark.line, Self.tooDeep)
            } else if let line = lineIndentedWithTab(near: mark.line) {
                complaints.add(line, "The line is indented with a tab. Indent YAML with spaces.")
            } else {
                complaints.add(mark.line, notYAML(problem, context))
            }
        case .composer(_, _, let mark, _):
            complaints.add(mark.line, "A second document begins here. A configuration is one document.")
        case .duplicatedKeysInMapping(let names, let context):
            let members = MemberLines(text: text, line: context.mark.line, column: context.mark.column)
            for name in names.map(restored) {
                let lines = members.lines(of: name)
                let others = lines.dropFirst().filter { $0 != lines[0] }
                for line in others { complaints.add(line, SourceNode.duplicate(name, first: lines[0])) }
                guard others.isEmpty else { continue }
                complaints.add(
                    lines.first ?? context.mark.line, "\(name.quoted) occurs more than once. Remove all but one.")
            }
        case .memory:
            complaints.add(nil, Self.tooDeep)
        case .reader, .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            complaints.add(nil, "The text is not valid YAML: it contains characters that YAML does not allow.")
        }
    }

    private func notYAML(_ problem: String, _ context: YamlError.Context?) -> String {
        guard let context, !context.text.isEmpty else { return "The text is not valid YAML: \(problem)." }
        return "The text is not valid YAML: \(problem), \(context.text) that begins in line \(context.mark.line)."
    }

    /// The library's message names the line where parsing failed, which can be the one after the tab.
    private func lineIndentedWithTab(near line: Int) -> Int? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return [line, line - 1].first { number in
            guard lines.indices.contains(number - 1) else { return false }
            return lines[number - 1].prefix { $0 == " " || $0 == "\t" }.contains("\t")
        }
    }
}
