import Foundation
import Testing

@testable import WorkflowModel

/// That the schema accepts what the reader accepts is checked of every text that `Sample` reads.
@Suite("The JSON Schema of configurations")
struct ConfigurationSchemaTests {
    /// Mistakes that only the reader finds: they depend on other parts of the text, on bytes, or on more than patterns can say.
    private static let beyondTheSchema = [
        "command: [\"\", a]", "\\u202E", "\\u200b", "needs: [pull]", "needs: [pul]", "max_delay: 9s", "065: platform",
        "{256: customer}", "outputs: {}",
        "http: {url: \"http://h\"}\n        blame", "[::1\"", ":99999", ":8o", "{a: b, A: c}", "stages: [{name: S, tasks: []}]",
        "{name: S, tasks: []}\n  - {name: S", "run_modes: [source", "0 0 30 2 *", "61 * * * *", "Lundon",
        "starts: 2026-02-01, ends: 2026-02-01", "run_mode: source}", "timezone: localtime", "timezone: posix", "timezone: Factory",
        "timezone: tzdata.zi", "timezone: right/", "timezone: PST", "timezone: Z", "{id: a, cron: \"@daily\"}\n  - {id: a",
    ]

    /// Long names too: the schema counts characters, the reader bytes.
    private static func isBeyond(_ wrong: Wrong) -> Bool {
        wrong.text.unicodeScalars.count > 500 || beyondTheSchema.contains { wrong.text.contains($0) }
    }

    @Test("refuses wrong tasks", arguments: ConfigurationProblemTests.wrongTasks)
    func tasks(wrong: Wrong) {
        expectRefused(Sample.task(wrong.text), wrong)
    }

    @Test("refuses wrong members of a configuration", arguments: ConfigurationProblemTests.wrongConfigurations)
    func configurations(wrong: Wrong) {
        expectRefused(ConfigurationProblemTests.configuration(wrong.text), wrong)
    }

    @Test("refuses wrong stages", arguments: ConfigurationProblemTests.wrongStages)
    func stages(wrong: Wrong) {
        expectRefused(ConfigurationProblemTests.stages(wrong.text), wrong)
    }

    @Test("refuses wrong schedules", arguments: ScheduleReaderTests.wrongSchedules)
    func schedules(wrong: Wrong) {
        expectRefused(ScheduleReaderTests.text(wrong.text), wrong)
    }

    private func expectRefused(_ text: String, _ wrong: Wrong) {
        guard let isAccepted = SchemaCheck.ofConfigurations.accepts(text, as: .yaml) else { return }
        #expect(isAccepted == Self.isBeyond(wrong), "\(wrong.text)")
    }

    @Test("accepts the shipped examples", arguments: ShippedExamplesTests.files)
    func examples(file: String) throws {
        let text = try String(contentsOf: ShippedExamplesTests.shop.appending(path: file), encoding: .utf8)
        #expect(SchemaCheck.ofConfigurations.accepts(text, as: .yaml) == true)
    }

    @Test func isJSON() throws {
        #expect(JSONValue(json: ConfigurationSchema.text.utf8) == ConfigurationSchema.value)
        #expect(ConfigurationSchema.text.hasSuffix("}\n"))
    }

    /// The example of a member, in a configuration that has what it needs besides.
    @Test("the example of every member is accepted", arguments: MemberPlace.all)
    func example(place: MemberPlace) throws {
        let text = place.text
        #expect(SchemaCheck.ofConfigurations.accepts(text, as: .yaml) == true, "\(text)")
        #expect(throws: Never.self, "\(text)") { try Sample.read(text) }
    }

    @Test("every member is described in sentences", arguments: MemberPlace.all)
    func description(place: MemberPlace) {
        let about = place.member.about
        #expect(about.hasSuffix(".") && about.first?.isUppercase == true, "\(place): \(about)")
        for sentence in about.split(separator: ". ") {
            #expect(sentence.split(separator: " ").count <= 25, "\(place): \(sentence)")
        }
    }

    @Test("defaults that are values are those of a configuration that says nothing")
    func defaults() throws {
        let text = Sample.task("command: [pull]", "retry: {}") + "schedule: {cron: \"@daily\"}\nalerts: [{to: ops}]\n"
        let configuration = try Sample.read(text)
        let written = MemberPlace.all.filter { $0.path.hasPrefix("schedule.") || $0.path.hasPrefix("stages[].tasks[].retry.") }
            .compactMap {
                place -> String? in
                guard case .value(let value)? = place.member.standard else { return nil }
                return "\(place.member.name): \(value.text)"
            }
        let task =
            "command: [pull]\n        retry: {\(written.filter { $0.hasPrefix("attempts") || $0.hasPrefix("f") }.joined(separator: ", "))}"
        let schedule = written.filter { line in
            !["attempts", "first_delay", "factor", "on", "catch_up_limit"].contains { line.hasPrefix($0 + ":") }
        }
        let same = Sample.task(task) + "schedule: {cron: \"@daily\", \(schedule.joined(separator: ", "))}\nalerts: [{to: ops}]\n"
        #expect(try Sample.read(same) == configuration)
    }
}

/// A member with the way to it.
struct MemberPlace: CustomTestStringConvertible, Sendable {
    var path: String
    var member: ConfigurationMember

    var testDescription: String { path }

    static let all: [MemberPlace] = {
        func below(_ mapping: ConfigurationMapping, _ path: String) -> [MemberPlace] {
            mapping.members.flatMap { member -> [MemberPlace] in
                let place = path + member.name
                let inner: [MemberPlace] =
                    switch member.shape {
                    case .mapping(let mapping): below(mapping, place + ".")
                    case .list(.mapping(let mapping), _): below(mapping, place + "[].")
                    case .map(_, .mapping(let mapping), _): below(mapping, place + ".*.")
                    default: []
                    }
                return [MemberPlace(path: place, member: member)] + inner
            }
        }
        return below(.workflow, "")
    }()

    /// A complete configuration with the example in its place.
    var text: String {
        let line = "\(member.name): \(member.example)"
        switch path {
        case let path where path.contains("defaults."):
            let isOfStage = path.hasPrefix("stages[]")
            let wrapped = path.contains("retry.") ? "defaults: {retry: {\(line)}}" : "defaults: {\(line)}"
            return Self.withNames("command: [a]", stage: isOfStage ? wrapped : nil, more: isOfStage ? "" : wrapped)
        case let path where path.contains(".poll."):
            return Self.withNames("http: {method: POST, url: \"http://h\", poll: {\(Self.poll(path, member.name, line))}}")
        case let path where path.contains(".workflow."):
            return Self.withNames("workflow: {\(line)\(member.name == "config" ? "" : ", config: other")}")
        case let path where path.contains(".client_certificate."):
            let other = member.name == "key" ? "certificate: \"${secrets.a}\"" : "key: \"${secrets.a}\""
            return Self.withNames("http: {client_certificate: {\(line), \(other)}, url: \"https://h\"}")
        case let path where path.hasSuffix(".client_certificate"):
            return Self.withNames("http: {\(line), url: \"https://h\"}")
        case let path where path.hasPrefix("stages[].tasks[].") && member.example.contains("${"):
            let method = member.name == "json" ? ", method: POST" : ""
            let url = member.name == "url" ? "" : ", url: \"http://h\""
            return Self.withNames(path.contains(".http.") ? "http: {\(line)\(method)\(url)}" : "\(line), command: [a]")
        case let path where path.contains(".http."):
            let method = ["body", "json"].contains(member.name) ? ", method: POST" : ""
            let url = member.name == "url" ? "" : ", url: \"http://h\""
            return Sample.task("http: {\(line)\(method)\(url)}")
        case let path where path.contains(".retry."): return Sample.task("command: [a]", "retry: {\(line)}")
        case let path where path.hasPrefix("stages[].tasks[]."): return task(line)
        case let path where path.hasPrefix("stages[]."): return stage(line)
        case let path where path.hasPrefix("parameters."): return parameter(line)
        case let path where path.hasPrefix("schedule"): return schedule(line)
        case let path where path.hasPrefix("triggers[]."):
            let isOfWebhook = ["secret", "parameters"].contains(member.name)
            let event = ["after", "webhook"].contains(member.name) ? "" : isOfWebhook ? ", webhook: w" : ", after: cg-a"
            return Self.withNames("command: [a]", more: "triggers: [{\(line)\(event)}]")
                .replacing("region: {type: string}", with: "region: {type: string, default: eu}")
                .replacing(
                    "day: {type: date}",
                    with: member.name == "parameters" ? "day: {type: date}" : "day: {type: date, required: false}")
        case let path where path.hasPrefix("alerts[]."):
            return Sample.task("command: [a]") + "alerts: [{\(line)\(member.name == "to" ? "" : ", to: ops")}]\n"
        case "stages", "id", "name", "type": return MemberPlace.head(replacing: member.name, by: line)
        default: return MemberPlace.head(replacing: "", by: line)
        }
    }

    /// The members of a poll with the line in its place.
    private static func poll(_ path: String, _ name: String, _ line: String) -> String {
        func filled(_ others: [(name: String, line: String)]) -> String {
            (others.filter { $0.name != name }.map(\.line) + [line]).joined(separator: ", ")
        }
        let url = (name: "url", line: "url: \"http://h\"")
        let (path1, values) = ((name: "path", line: "path: s"), (name: "in", line: "in: [OK]"))
        if path.contains(".attribution.") {
            let inner = filled([path1, (name: "customer", line: "customer: [USER]")])
            return "url: \"http://h\", done: {path: s, in: [OK]}, failed: {path: s, in: [NO], attribution: {\(inner)}}"
        }
        if path.contains(".failed.") { return "url: \"http://h\", done: {path: s, in: [OK]}, failed: {\(filled([path1, values]))}" }
        if path.contains(".done.") { return "url: \"http://h\", done: {\(filled([path1, values]))}" }
        if path.contains(".cancel.") { return "url: \"http://h\", done: {path: s, in: [OK]}, cancel: {\(filled([url]))}" }
        let method = name == "json" ? ", method: PUT" : ""
        return filled([url, (name: "done", line: "done: {path: s, in: [OK]}")]) + method
    }

    /// A task behind others, in a configuration with parameters, so that its texts can name values.
    private static func withNames(_ task: String, stage: String? = nil, more: String = "") -> String {
        """
        id: daily
        name: Daily
        type: t
        parameters: {day: {type: date}, region: {type: string}}
        \(more)
        stages:
          - {name: Before, tasks: [{id: check, type: t, command: [a]}, {id: load, type: t, command: [a]}]}
          - {name: S, tasks: [{id: t, type: t, \(task)}]\(stage.map { ", \($0)" } ?? "")}

        """
    }

    private static func head(replacing name: String, by line: String) -> String {
        let members = [
            ("id", "id: daily"), ("name", "name: Daily"), ("type", "type: t"),
            ("stages", "stages: [{name: S, tasks: [{id: t, type: t, command: [a]}]}]"),
        ]
        let text = members.filter { $0.0 != name }.map(\.1).joined(separator: "\n")
        return "\(text)\n\(line)\n"
    }

    private func task(_ line: String) -> String {
        let action = ["command", "http", "workflow"].contains(member.name) ? "" : "\n        command: [a]"
        switch member.name {
        case "id", "type":
            return
                "id: d\nname: D\ntype: t\nstages: [{name: S, tasks: [{\(line), \(member.name == "id" ? "type: t" : "id: t"), command: [a]}]}]\n"
        case "needs":
            return Sample.task(line + action).replacing(
                "    tasks:", with: "    tasks:\n      - {id: pull-orders, type: t, command: [a]}")
        case "max_parallel", "fail_fast": return Sample.task("for_each: [1]", line + action)
        default: return Sample.task(line + action)
        }
    }

    private func stage(_ line: String) -> String {
        let members = ["name": "name: S", "tasks": "tasks: [{id: t, type: t, command: [a]}]"]
        let others = members.filter { $0.key != member.name }.map(\.value).sorted()
        return "id: d\nname: D\ntype: t\nstages: [{\((others + [line]).joined(separator: ", "))}]\n"
    }

    private func parameter(_ line: String) -> String {
        let type =
            switch member.name {
            case "type": ""
            case "default": ", type: date"
            case "minimum", "maximum": ", type: integer"
            default: ", type: string"
            }
        return Sample.task("command: [a]") + "parameters: {p: {\(line)\(type)}}\n"
    }

    private func schedule(_ line: String) -> String {
        guard path.contains(".") else { return Sample.task("command: [a]") + line + "\n" }
        var members = [line]
        if member.name != "cron" { members.append("cron: \"@daily\"") }
        if member.name == "catch_up_limit" { members.append("catch_up: all") }
        if member.name == "parameters" {
            members.append("range: period")
            return Sample.task("command: [a]") + "parameters: {day: {type: date}}\n"
                + "\(path.hasPrefix("schedule.") ? "schedule: {" : "schedules: [{id: x, ")\(members.joined(separator: ", "))"
                + (path.hasPrefix("schedule.") ? "}\n" : "}]\n")
        }
        if path.hasPrefix("schedule.") { return Sample.task("command: [a]") + "schedule: {\(members.joined(separator: ", "))}\n" }
        if member.name != "id" { members.append("id: x") }
        return Sample.task("command: [a]") + "schedules: [{\(members.joined(separator: ", "))}]\n"
    }
}
