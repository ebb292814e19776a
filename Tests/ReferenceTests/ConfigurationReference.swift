import WorkflowModel

/// `docs/reference/configuration.md`: the table of members for people.
enum ConfigurationReference {
    static var text: String {
        var parts = [introduction]
        for section in sections { parts.append(self.section(section)) }
        parts.append(limits)
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// A mapping and the paths that lead to it.
    struct Section {
        var mapping: ConfigurationMapping
        var paths: [String]
    }

    /// Every mapping once, the outer ones first.
    static let sections: [Section] = {
        var sections: [Section] = []
        func visit(_ mapping: ConfigurationMapping, at path: String) {
            if let place = sections.firstIndex(where: { $0.mapping.name == mapping.name }) {
                sections[place].paths.append(path)
                return
            }
            sections.append(Section(mapping: mapping, paths: [path]))
            for member in mapping.members {
                let below = path.isEmpty ? member.name : "\(path).\(member.name)"
                for (inner, suffix) in Self.mappings(in: member.shape) { visit(inner, at: below + suffix) }
            }
        }
        visit(.workflow, at: "")
        return sections
    }()

    private static func mappings(in shape: MemberShape) -> [(ConfigurationMapping, suffix: String)] {
        switch shape {
        case .mapping(let mapping): [(mapping, "")]
        case .list(let item, _): mappings(in: item).map { ($0.0, "[]" + $0.suffix) }
        case .oneOrMore(let item): mappings(in: item)
        case .map(_, let values, _): mappings(in: values).map { ($0.0, ".*" + $0.suffix) }
        case .text, .whole, .decimal, .flag, .choice, .choices, .items, .anything: []
        }
    }

    private static func section(_ section: Section) -> String {
        let mapping = section.mapping
        let paths = section.paths.filter { !$0.isEmpty }
        var parts = ["## \(heading(mapping))"]
        let place = paths.isEmpty ? "" : " Written in \(Markdown.listed(paths, "and"))."
        parts.append(Markdown.wrapped(mapping.about + place))
        parts.append(
            Markdown.table(["Member", "Type", "Default", "Meaning and limits"], mapping.members.map { row($0, of: section) }))
        let rules = mapping.rules.map(sentence)
        if !rules.isEmpty { parts.append(Markdown.list(rules)) }
        parts.append(Markdown.block("# Each line is an example of one member.\n" + example(mapping), "yaml"))
        return parts.joined(separator: "\n\n")
    }

    private static func heading(_ mapping: ConfigurationMapping) -> String {
        mapping.name == "http" ? "HTTP call" : mapping.name.prefix(1).uppercased() + mapping.name.dropFirst()
    }

    private static func row(_ member: ConfigurationMember, of section: Section) -> [String] {
        var meaning = [member.about]
        if let limit = limit(of: member.shape) { meaning.append(limit) }
        if let guide = guides["\(section.mapping.name).\(member.name)"] { meaning.append("See \(guide).") }
        return [Markdown.code(member.name), type(member.shape), standard(member, of: section), meaning.joined(separator: " ")]
    }

    private static func standard(_ member: ConfigurationMember, of section: Section) -> String {
        if member.isRequired { return "required" }
        // A schedule in a list differs from one that stands alone in nothing else.
        let note = section.mapping.name == "schedule" && member.name == "id" ? "; required in `schedules`" : ""
        if section.mapping.isOneOf(member.name) { return "one of them" }
        switch member.standard {
        case .value(let value): return Markdown.code(yaml(value)) + note
        case .words(let words): return words
        case nil:
            if case .mapping(let mapping) = member.shape, !mapping.members.contains(where: \.isRequired) {
                return "the [defaults](#\(Markdown.anchor(heading(mapping)))) of its members"
            }
            return "none"
        }
    }

    private static func type(_ shape: MemberShape) -> String {
        switch shape {
        case .text(let text): text.words
        case .whole: "whole number"
        case .decimal: "number"
        case .flag: "`true`, `false`"
        case .choice(let values): values.map(Markdown.code).joined(separator: ", ")
        case .choices(let values): "list of " + values.map(Markdown.code).joined(separator: ", ")
        case .list(let item, _): "list of \(plural(item))"
        case .oneOrMore(let item): "\(type(item)), or a list of \(plural(item))"
        case .map(let names, let values, _): "mapping from \(names.words) to \(type(values))"
        case .mapping(let mapping): "[mapping](#\(Markdown.anchor(heading(mapping))))"
        case .items: "list of any values, or an expression"
        case .anything: "any value"
        }
    }

    private static func plural(_ shape: MemberShape) -> String {
        switch shape {
        case .text(let text): text.plural
        case .whole: "whole numbers"
        case .mapping(let mapping): "[\(mapping.name)s](#\(Markdown.anchor(heading(mapping))))"
        default: type(shape)
        }
    }

    /// Forms of text whose rules the introduction has.
    private static let explainedAbove = ["id", "name", "date-time"]

    /// The limits of a value, as a sentence of few words.
    private static func limit(of shape: MemberShape) -> String? {
        switch shape {
        case .text(let text): return explainedAbove.contains(text.words) ? nil : text.rule.map { sentence($0) }
        case .whole(let range): return sentence("\(Markdown.grouped(range.lowerBound)) to \(Markdown.grouped(range.upperBound))")
        case .decimal(let range): return sentence("\(Int(range.lowerBound)) to \(Int(range.upperBound))")
        case .items: return "At most \(Markdown.grouped(FanOutLimits.items)) items."
        case .choices: return "At least one."
        case .list(.mapping, let count): return entries(count)
        case .list(let item, let count):
            return [entries(count), limit(of: item)].compactMap(\.self).joined(separator: " ")
        case .oneOrMore(let item): return limit(of: item)
        case .map(let names, let values, let count):
            let parts = [
                count.map { "At most \(Markdown.grouped($0)) entries." },
                names.rule.map { "Names: \($0)." },
                limit(of: values).map { "Values: \($0.prefix(1).lowercased())\($0.dropFirst())" },
            ]
            let text = parts.compactMap(\.self).joined(separator: " ")
            return text.isEmpty ? nil : text
        case .flag, .choice, .mapping, .anything: return nil
        }
    }

    private static func entries(_ count: ClosedRange<Int>) -> String {
        let most = Markdown.grouped(count.upperBound)
        return count.lowerBound == 0 ? "At most \(most) entries." : "\(count.lowerBound) to \(most) entries."
    }

    private static func sentence(_ words: String) -> String {
        words.prefix(1).uppercased() + words.dropFirst() + "."
    }

    private static func sentence(_ rule: MappingRule) -> String {
        switch rule {
        case .exactlyOne(let names): "Exactly one of \(Markdown.listed(names, "and")) is required."
        case .atMostOne(let names): "At most one of \(Markdown.listed(names, "and")) is accepted."
        case .needs(let name, let other): "`\(name)` is only accepted together with `\(other)`."
        case .needsValue(let name, let other, let values):
            values.count == 1
                ? "`\(name)` is only accepted together with `\(other): \(values[0])`."
                : "`\(name)` is only accepted where `\(other)` is \(Markdown.listed(values, "or"))."
        }
    }

    private static func example(_ mapping: ConfigurationMapping) -> String {
        mapping.members.map { "\($0.name): \($0.example)" }.joined(separator: "\n")
    }

    /// A default as YAML writes it.
    private static func yaml(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): text
        case .array(let values): "[" + values.map(yaml).joined(separator: ", ") + "]"
        default: value.text
        }
    }
}

extension ConfigurationMapping {
    /// Whether exactly one of this member and others is required.
    fileprivate func isOneOf(_ name: String) -> Bool {
        rules.contains { rule in
            if case .exactlyOne(let names) = rule { names.contains(name) } else { false }
        }
    }
}

extension ConfigurationReference {
    /// Where members are explained at length.
    private static let guides = [
        "configuration.concurrency": "[Concurrency limits](../guides/concurrency.md)",
        "configuration.schedule": "[Schedules](../guides/schedules.md)",
        "configuration.triggers": "[Triggers](../guides/triggers.md)",
        "configuration.alerts": "[Alerts](../guides/alerts.md)",
        "task.needs": "[Stages and order](../guides/workflows.md#stages-and-order)",
        "task.command": "[Commands](../guides/workflows.md#commands)",
        "task.blame": "[the convention](../guides/workflows.md#attribution-whose-fault-a-failure-is)",
        "task.uses": "[Concurrency limits](../guides/concurrency.md)",
    ]

    private static let introduction = """
        # Configuration reference

        A configuration is one YAML or JSON document: a workflow with its stages of tasks. `weir apply FILE` checks the whole document
        and stores it as a new version. Each complaint names the file, the line and what is accepted instead.

        `weir schema` prints the same rules as a JSON Schema for editors, see [its help](cli.md#weir-schema).

        ```yaml
        \(sample)
        ```

        Values are written as follows:

        \(Markdown.list(forms))
        """

    /// A complete configuration, which a test reads.
    static let sample = """
        id: cg-daily
        name: Daily
        type: courier.group/run
        warn_after: 2h
        schedule: {cron: "30 6 * * *", timezone: Europe/London}
        alerts:
          - {to: ops, on: [failed, slow]}
        stages:
          - name: Sources
            run_modes: [source, refresh, full]
            tasks:
              - id: pull-orders
                label: Pull orders
                type: courier.pull
                command: [python3, pull_orders.py]
                timeout: 30m
                retry: {attempts: 5, first_delay: 10s}
          - name: Activations
            run_modes: [full]
            tasks:
              - id: notify
                type: webhook.send
                http:
                  method: POST
                  url: "https://shop.example/hooks/daily"
                  expect: [200, 202]
        """

    private static let forms = [
        "An **id** has \(TextRule.id).",
        "A **name** has \(NameRule.words). At least one character is visible.",
        "A **duration** is whole numbers with units, the greatest unit first: `500ms`, `90s`, `30m`, `2h`, `1d`, `1h30m`. Units are `d`, `h`, `m`, `s` and `ms`.",
        "A **date-time** is ISO 8601, such as `2026-11-01T06:30-08:00`. A partial one such as `2026-11` means its first instant. Without an offset it is UTC.",
        "Where a text belongs, numbers and truths are taken as they are written: `8080`, `yes` and `1.10` need no quotes in a command.",
        "Lengths of texts are in bytes of UTF-8.",
        "Anchors, aliases and tags of YAML are refused, and so is a member that is written twice.",
    ]

    private static let limits = """
        ## Limits of the document

        \(Markdown.table(["Part", "Limit"], [
            ["Length of the text", "\(ConfigurationLimits.textBytes / 1_024) KiB, UTF-8"],
            ["Lists and mappings inside each other", "\(ConfigurationLimits.depth) levels"],
            ["Tasks of all stages together", Markdown.grouped(ConfigurationLimits.tasks)],
            ["Complaints that are shown", "\(ConfigurationLimits.problems); further ones are only counted"],
        ]))
        """

    private enum TextRule {
        /// As the member `id` of a configuration has it.
        static var id: String {
            guard case .text(let shape)? = ConfigurationMapping.workflow["id"]?.shape else { return "" }
            return shape.rule ?? ""
        }
    }
}
