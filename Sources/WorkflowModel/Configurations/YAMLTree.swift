import Yams

/// Reads YAML into a tree with lines.
///
/// Anchors, aliases, tags and further documents are refused. An alias is never expanded, not even to find out that it is
/// one: each `*` is replaced by a character that means nothing to YAML before the text is composed, and put back into the
/// scalars afterwards; a plain scalar that begins with it was an alias.
struct YAMLTree {
    private let text: String
    private let complaints: Complaints
    private let standIn: Unicode.Scalar

    /// - Returns: nil when the text is no YAML, which is then among the complaints; there may be others beside a tree too.
    static func read(_ text: String, _ complaints: Complaints) -> SourceNode? {
        let used = Set(text.unicodeScalars.lazy.map(\.value))
        // Private use: allowed in YAML, without a meaning in it.
        guard let free = (UInt32(0xE000)...0xF8FF).first(where: { !used.contains($0) }), let standIn = Unicode.Scalar(free) else {
            complaints.add(nil, "The text uses every character of Unicode's private use area; leave one of U+E000 to U+F8FF out.")
            return nil
        }
        return YAMLTree(text: text, complaints: complaints, standIn: standIn).read()
    }

    private func read() -> SourceNode? {
        var disarmed = String.UnicodeScalarView()
        disarmed.append(contentsOf: text.unicodeScalars.lazy.map { $0 == "*" ? standIn : $0 })
        do {
            let parser = try Parser(yaml: String(disarmed), resolver: .basic, encoding: .utf8)
            // Anchors are only known as long as the parser lives.
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
            if isPlain, scalar.string.unicodeScalars.first == standIn { complainOfAlias(scalar.string, line: line) }
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
                    complaints.add(name.line, "The name of a member must be a text, not \(name.kind).")
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

    private static let tooDeep = "Lists and mappings may lie in each other \(ConfigurationLimits.depth) levels deep at most."

    private func complainOfAlias(_ text: String, line: Int) {
        complaints.add(
            line,
            "\(restored(text).quoted) begins with `*`, which makes it an alias in YAML; aliases are not accepted, and text that "
                + "begins with `*` belongs in quotes.")
    }

    private func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(standIn) else { return text }
        var scalars = String.UnicodeScalarView()
        scalars.append(contentsOf: text.unicodeScalars.lazy.map { $0 == standIn ? "*" : $0 })
        return String(scalars)
    }
}

extension YAMLTree {
    private func report(_ error: YamlError) {
        switch error {
        case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _):
            if problem.hasPrefix("Maximum nesting level") {
                complaints.add(mark.line, Self.tooDeep)
            } else if let line = lineIndentedWithTab(near: mark.line) {
                complaints.add(line, "The line is indented with a tab; YAML takes spaces only.")
            } else {
                complaints.add(mark.line, notYAML(problem, context))
            }
        case .composer(_, _, let mark, _):
            complaints.add(mark.line, "Another document begins here; a configuration is one document.")
        case .duplicatedKeysInMapping(let names, let context):
            for name in names {
                let second = secondLine(of: restored(name), after: context.mark)
                complaints.add(second ?? context.mark.line, duplicate(restored(name), first: context.mark.line, second: second))
            }
        case .memory:
            complaints.add(nil, Self.tooDeep)
        case .reader, .no, .writer, .emitter, .representer, .dataCouldNotBeDecoded:
            complaints.add(nil, "The text is not valid YAML: it has characters that YAML does not allow.")
        }
    }

    private func notYAML(_ problem: String, _ context: YamlError.Context?) -> String {
        guard let context, !context.text.isEmpty else { return "The text is not valid YAML: \(problem)." }
        return "The text is not valid YAML: \(problem), \(context.text) that begins in line \(context.mark.line)."
    }

    private func duplicate(_ name: String, first: Int, second: Int?) -> String {
        guard second != nil else { return "\(name.quoted) is there more than once; a member may be written once." }
        return SourceNode.duplicate(name, first: first)
    }

    /// YAML's own message names the line where reading failed, which may be the one after the tab.
    private func lineIndentedWithTab(near line: Int) -> Int? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        return [line, line - 1].first { number in
            guard lines.indices.contains(number - 1) else { return false }
            return lines[number - 1].prefix { $0 == " " || $0 == "\t" }.contains("\t")
        }
    }

    /// Where a block mapping repeats a name: the next line that begins with it in the same column.
    private func secondLine(of name: String, after mark: Mark) -> Int? {
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let forms = [name, "\"\(name)\"", "'\(name)'"].map { $0 + ":" }
        for (place, line) in lines.enumerated().dropFirst(mark.line) {
            let content = line.drop { $0 == " " }
            guard !content.isEmpty, content.first != "#" else { continue }
            let column = line.count - content.count + 1
            if column < mark.column { return nil }
            if column == mark.column, forms.contains(where: { content.hasPrefix($0) }) { return place + 1 }
        }
        return nil
    }
}
