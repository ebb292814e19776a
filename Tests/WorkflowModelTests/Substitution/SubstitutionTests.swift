import Testing

@testable import WorkflowModel

@Suite("Substitution")
struct SubstitutionTests {
    /// A task `t`, that needs `load`, which needs `check`, in a configuration with parameters. Its members begin in line 11.
    static func text(_ members: String, more: String = "") -> String {
        """
        id: daily
        name: Daily
        type: t
        parameters: {day: {type: date}, region: {type: string, required: false}, rows: {type: integer, required: false}, more: {type: json, required: false}}
        \(more)
        stages:
          - {name: One, tasks: [{id: check, type: t, command: [a]}, {id: other, type: t, command: [a]}]}
          - {name: Two, tasks: [{id: load, type: t, needs: [check], command: [a]}]}
          - name: Three
            tasks:
              - {id: t, type: t, \(members)}
          - {name: Four, tasks: [{id: late, type: t, command: [a]}]}

        """
    }

    static let outputs: [String: JSONText] = [
        "load": JSONText(
            validated:
                #"{"rows":3,"share":0.50,"path":"a b/ä","none":null,"files":["x","y"],"up":"..","two":"a\r\nb","nul":"a\u0000b"}"#),
        "check": JSONText(validated: #"{"ok":true}"#),
    ]

    static func task(_ members: String, more: String = "") throws -> TaskDefinition {
        let configuration = try Sample.read(text(members, more: more))
        return try #require(configuration.tasks.first { $0.id == "t" })
    }

    static func substituted(
        _ members: String, outputs: [String: JSONText] = outputs, more: String = "", parameters: RunParameters? = nil
    ) throws -> TaskDefinition {
        let task = try task(members, more: more)
        let run = RunContext(
            id: RunID(rawValue: "wf-1"), tenant: "acme", configuration: "daily", name: "Daily load",
            createdAt: Timestamp(milliseconds: 0), mode: .full,
            range: TimeWindow(from: Timestamp(iso8601: "2026-11-01"), to: Timestamp(iso8601: "2026-11-02")))
        let given =
            parameters
            ?? RunParameters([
                (name: "day", value: JSONValue.string("2026-11-01")),
                (name: "more", value: .object(["a": .array([.integer(1), .null])])),
            ])
        return try task.substituted(from: AttemptValues(of: run, parameters: given, outputs: outputs, naming: task.references))
    }

    @Test(
        "fills arguments",
        arguments: [
            ("--day=${parameters.day}", "--day=2026-11-01"), ("${outputs.load.rows}", "3"), ("${outputs.load.share}", "0.50"),
            ("${outputs.check.ok}", "true"), ("${outputs.load.none}", ""), ("${parameters.region}", ""),
            ("${outputs.load.files}", #"["x","y"]"#), ("${outputs.load.files[1]}", "y"), ("${parameters.more.a[0]}", "1"),
            ("${outputs.load.path}", "a b/ä"), ("$${HOME} ${run.id}", "${HOME} wf-1"), ("$$", "$$"), ("$", "$"), ("{}", "{}"),
            ("${run.name}|${run.config_id}|${run.run_mode}|${run.tenant}", "Daily load|daily|full|acme"),
            ("${run.range_from}", "2026-11-01T00:00:00.000Z"), ("${run.created_at}", "1970-01-01T00:00:00.000Z"),
            ("${run.scheduled_for}", ""), ("${outputs['load'].rows}", "3"), ("; rm -rf / ${outputs.load.two}", "; rm -rf / a\r\nb"),
        ])
    func arguments(text: String, expected: String) throws {
        let task = try Self.substituted("command: [prog, \(JSONValue.string(text).text), last]")
        guard case .command(let items) = task.action else {
            Issue.record("no command")
            return
        }
        #expect(items.count == 3)
        #expect(items[1].isIdentical(to: expected), "\(items)")
    }

    @Test("fills variables, headers, and parts of a URL, each in its form")
    func forms() throws {
        let command = try Self.substituted(
            #"command: [a], env: {ROWS: "${outputs.load.rows}", LINES: "${outputs.load.two}", PLAIN: 7}"#)
        #expect(command.env.map(\.name) == ["ROWS", "LINES", "PLAIN"])
        #expect(command.env.map(\.value) == ["3", "a\r\nb", "7"])
        let call = try Self.substituted(
            #"http: {method: POST, url: "https://h:8443/${parameters.day}/x-${outputs.load.path}?q=${outputs.load.path}&f=${outputs.load.files}#${run.id}", headers: {x-rows: "n=${outputs.load.rows}"}, json: {rows: "${outputs.load.rows}", text: "n=${outputs.load.rows}", all: "${outputs.load.files}", none: "${outputs.load.none}", "plain${": "$${x}", list: ["${outputs.check}", {deep: "${parameters.more}"}]}}"#
        )
        guard case .http(let call) = call.action else {
            Issue.record("no call")
            return
        }
        #expect(call.url == "https://h:8443/2026-11-01/x-a%20b%2F%C3%A4?q=a%20b%2F%C3%A4&f=%5B%22x%22%2C%22y%22%5D#wf-1")
        #expect(call.headers.map(\.value) == ["n=3"])
        let json =
            #"{"rows":3,"text":"n=3","all":["x","y"],"none":null,"plain${":"${x}","list":[{"ok":true},{"deep":{"a":[1,null]}}]}"#
        #expect(call.body == .json(JSONText(validated: json)))
    }

    @Test(
        "is refused where it is applied",
        arguments: [
            ("command: [\"${parameters.day}\"]", "in a place that decides which program runs"),
            ("command: [\"/opt/${parameters.region}/load\", a]", "in a place that decides which program runs"),
            ("command: [sh, -c, \"load ${parameters.day}\"]", "in code behind `-c`, where its value would be executed"),
            ("command: [/bin/bash, -eu, -o, pipefail, -lc, \"load ${parameters.day}\"]", "in code behind `-lc`"),
            ("command: [\"/usr/bin/python3.12\", -c, \"print('${parameters.day}')\"]", "in code behind `-c`"),
            ("command: [python3, \"-cprint('${parameters.day}')\"]", "in code behind `-cprint`"),
            ("command: [python3, -m, \"${parameters.region}\"]", "in code behind `-m`"),
            ("command: [perl, -ne, \"print ${run.id}\"]", "in code behind `-ne`"),
            ("command: [node, \"--eval=${outputs.load.code}\"]", "in code behind `--eval`"),
            ("command: [env, -i, A=b, bash, -c, \"${outputs.load.code}\"]", "in code behind `-c`"),
            ("command: [wrap, sh, -c, \"${outputs.load.code}\"]", "in code behind `-c`"),
            ("command: [python3, \"${parameters.region}\"]", "in a place that decides which program runs"),
            ("command: [bash, \"-${parameters.region}\", a]", "in a place that decides which program runs"),
            ("command: [bash, --rcfile, \"${parameters.region}\", -i]", "in a place that decides which program runs"),
            ("command: [awk, -f, \"${parameters.region}\"]", "in a place that decides which program runs"),
            ("command: [perl, -e, '1', -e, \"${parameters.region}\"]", "in code behind `-e`"),
            ("command: [ssh, host, load, \"${parameters.day}\"]", "in code behind `ssh`"),
            ("command: [psql, -d, shop, -c, \"SELECT '${parameters.day}'\"]", "in code behind `-c`"),
            ("command: [a, \"${HOME}\"]", "`HOME` is not known here"),
            ("command: [a, \"${parameters.dya}\"]", "did you mean `day`?"),
            ("command: [a, \"${parameters.day.x}\"]", "has no members"), ("command: [a, \"${parameters}\"]", "needs a name behind"),
            ("command: [a, \"${outputs.laod.rows}\"]", "no task has the id `laod`; did you mean `load`?"),
            ("command: [a, \"${outputs.other.rows}\"]", "it does not need `other`"),
            ("command: [a, \"${outputs.late.rows}\"]", "it does not need `late`"),
            ("command: [a, \"${outputs.t.rows}\"]", "a task has no outputs before it has run"),
            ("command: [a, \"${run.idd}\"]", "a run has no `idd`; did you mean `id`?"),
            ("command: [a, \"${run.id.x}\"]", "has no members"),
            ("command: [a, \"${secrets.warehouse}\"]", "which other users of the machine can see"),
            ("command: [a, \"${item}\"]", "only a task with `for_each` has items"),
            ("command: [a, \"${trigger.body}\"]", "but only the `parameters` of a trigger"),
            ("command: [a, \"${response.id}\"]", "only `poll` of an HTTP call"),
            ("command: [a, \"${run.id\"]", "is not closed by `}`"), ("command: [a, \"${ }\"]", "names no value"),
            ("command: [a], env: {WEIR_X: a}", "which only the service sets"),
            ("command: [a], env: {1A: a}", "accepted are 1 to 128"),
            ("command: [a], env: {A-B: a}", "accepted are 1 to 128"), ("command: [a], env: {A: }", "has no value"),
            ("command: [a], env: {A: [b]}", "must be a mapping of texts"), ("command: [a], env: [b]", "`env` must be a mapping"),
            ("command: [a], env: {LD_PRELOAD: \"${outputs.load.path}\"}", "write its value out"),
            ("command: [a], env: {PATH: \"/x/${parameters.region}\"}", "write its value out"),
            ("command: [a], env: {BASH_ENV: \"${parameters.region}\"}", "write its value out"),
            ("command: [a], env: {A: \"${outputs.late.x}\"}", "the variable `A` names"),
            ("http: {url: \"${parameters.region}\"}", "before its path"),
            ("http: {url: \"https://${parameters.region}/x\"}", "before its path"),
            ("http: {url: \"https://h.${parameters.region}\"}", "before its path"),
            ("http: {url: \"https://h:${parameters.rows}/\"}", "before its path"),
            ("http: {url: \"https://${parameters.region}@h/\"}", "before its path"),
            ("http: {url: \"http${parameters.region}://h/\"}", "before its path"),
            ("http: {url: \"https://h/a b/${parameters.day}\"}", "must be written as `%`"),
            ("http: {url: \"https://h/${x}\"}", "`x` is not known here"),
            (
                "http: {url: \"https://h/\", method: POST, body: \"day=${parameters.day}\"}",
                "in `body`, which is sent as it is; use `json`"
            ),
            ("http: {url: \"https://h/\", headers: {x: \"${outputs.late.x}\"}}", "the header `x` names"),
            ("http: {url: \"https://h/\", method: POST, json: {a: {b: [\"${outputs.late.x}\"]}}}", "`json` names"),
            ("http: {url: \"https://h/\", method: POST, json: {\"${run.id}\": 1}}", "in the name of a member"),
            ("http: {url: \"https://h/\"}, env: {A: b}", "`env` needs `command`"),
            ("command: [a], if: \"${outputs.late.x} == 1\"", "`if` names `${outputs.late.x}`"),
            ("command: [a], if: \"rows > 1\"", "which is no value"),
            ("command: [a], if: \"${parameters.day}\"", "`if` is a text; it must be true or false"),
            ("command: [a], if: 3", "`if` is a number"),
            ("command: [a], if: \"${parameters.rows} > 'a'\"", "orders a number and a text"),
            ("command: [a], if: \"${parameters.day} == 3\"", "compares a text with a number"),
            ("command: [a], if: \"1 in ${parameters.day}\"", "has a text behind `in`"),
            ("command: [a], if: [a]", "`if` must be a condition"),
            ("command: [a], if: \"${parameters.rows} and true\"", "has a number beside `and`"),
            ("command: [a], if: \"${outputs.load} == 3\"", "compares a JSON object with a number"),
            ("command: [a], if: ", "`if` has no value"),
        ])
    func refused(members: String, words: String) {
        let problems = Sample.problems(Self.text(members))
        #expect(problems.count == 1, "\(problems)")
        #expect(problems.first?.line == 11, "\(problems)")
        #expect(problems.first?.message.contains(words) == true, "\(problems)")
        #expect(problems.first?.message.contains("`t`") == true, "\(problems)")
    }

    @Test(
        "is refused where it would be run behind another program",
        arguments: [
            "[timeout, \"5\", \"${parameters.day}\"]", "[timeout, -s, KILL, 5, \"${parameters.day}\"]",
            "[env, \"${parameters.day}\"]", "[env, -S, \"${parameters.day}\"]", "[env, -u, X, \"${parameters.day}\"]",
            "[env, \"LD_PRELOAD=${parameters.day}\", load]", "[sudo, -u, me, \"${parameters.day}\"]",
            "[nice, \"${parameters.day}\"]", "[uv, run, \"${parameters.day}\"]", "[nohup, \"${parameters.day}\", x]",
            "[find, ., -exec, \"${parameters.day}\", \";\"]", "[flock, f, -c, \"${parameters.day}\"]",
            "[xargs, \"${parameters.day}\"]", "[docker, run, image, \"${parameters.day}\"]",
            "[kubectl, exec, pod, --, \"${parameters.day}\"]", "[chroot, /x, \"${parameters.day}\"]",
            "[strace, -f, \"${parameters.day}\"]", "[systemd-run, \"${parameters.day}\"]",
            "[git, -c, \"core.pager=${parameters.day}\", log]", "[tar, \"--to-command=${parameters.day}\", -xf, a]",
            "[rsync, -e, \"${parameters.day}\", a, b]", "[scp, -S, \"${parameters.day}\", a, b]",
            "[gdb, -ex, \"${parameters.day}\"]", "[vim, -c, \"${parameters.day}\"]", "[spark-sql, -e, \"${parameters.day}\"]",
            "[perl, -M, \"${parameters.day}\", x.pl]", "[perl, \"-M${parameters.day}\", x.pl]",
        ])
    func wrapped(command: String) {
        let problems = Sample.problems(Self.text("command: \(command)"))
        #expect(problems.count == 1 && problems.first?.line == 11, "\(command): \(problems)")
    }

    @Test(
        "leaves texts alone that belong to a shell",
        arguments: [
            "[sh, -c, 'echo ${HOME} ${run} ${outputs[0]} ${#parameters} $${run.id}']",
            "[bash, -euc, 'for x in ${outputs[@]}; do :; done', x, y]",
            "['${HOME}/bin/x', a]",
        ])
    func shells(command: String) throws {
        let task = try Self.task("command: \(command)")
        #expect(task.references.isEmpty)
        #expect(try Self.substituted("command: \(command)").action == task.action)
    }

    @Test(
        "is accepted behind code, and behind a script",
        arguments: [
            "[sh, -c, 'load \"$1\"', load, \"${parameters.day}\"]", "[python3, load.py, -c, \"${parameters.day}\"]",
            "[python3, -W, ignore, -u, load.py, \"${parameters.day}\"]", "[bash, -o, pipefail, run.sh, \"${parameters.day}\"]",
            "[train.py, --mode, eval, \"${parameters.day}\"]", "[python3, watch.py, \"${parameters.day}\"]",
            "[awk, -v, \"day=${parameters.day}\", -f, x.awk]", "[psql, -v, \"day=${parameters.day}\", -f, load.sql]",
            "[python3, -m, load, --day, \"${parameters.day}\"]", "[timeout, 5, load, \"${parameters.day}\"]",
            "[env, A=b, load, \"${parameters.day}\"]", "[nice, -n, 5, load, \"${parameters.day}\"]",
            "[sudo, --, load, \"${parameters.day}\"]", "[uv, run, load.py, \"${parameters.day}\"]",
            "[docker, run, image, python3, load.py, \"${parameters.day}\"]", "[git, commit, -m, \"${parameters.day}\"]",
            "[tar, -czf, \"${parameters.day}\", data]", "[perl, -Mstrict, load.pl, \"${parameters.day}\"]",
        ])
    func besideCode(command: String) throws {
        #expect(try Self.task("command: \(command)").references.map(\.description) == ["parameters.day"])
    }

    @Test(
        "is refused in other places of a configuration",
        arguments: [
            ("warn_after: \"${parameters.day}\"", 2), ("labels: {team: \"${parameters.region}\"}", 2),
            ("alerts: [{to: \"${run.id}\"}]", 2),
            ("schedule: {cron: \"${parameters.day}\"}", 3), ("run_mode: \"${run.run_mode}\"", 2),
            ("schedule: {cron: \"@daily\", range: period, parameters: {day: \"${outputs.load.day}\"}}", 1),
        ])
    func otherPlaces(more: String, most: Int) {
        let problems = Sample.problems(Self.text("command: [a]", more: more))
        #expect(!problems.isEmpty && problems.count <= most && problems.allSatisfy { $0.line == 5 }, "\(problems)")
    }

    @Test("is refused in other members of a task", arguments: ["label", "type", "timeout", "needs", "retry", "uses", "blame"])
    func otherMembers(name: String) {
        let value =
            ["retry", "uses", "blame"].contains(name) ? "{x: \"${run.id}\"}" : name == "needs" ? "[\"${run.id}\"]" : "\"${run.id}\""
        let members = name == "type" ? "command: [a]" : "\(name): \(value), command: [a]"
        var text = Self.text(members)
        if name == "type" { text = text.replacing("id: t, type: t", with: "id: t, type: \"${run.id}\"") }
        let problems = Sample.problems(text)
        #expect(problems.contains { $0.line == 11 && $0.message.contains("where values are not put in") }, "\(problems)")
    }

    @Test("a description may tell of expressions, and names of other kinds stay as they are")
    func prose() throws {
        let more = "labels: {team: crm}\nschedule: {cron: \"@daily\", range: period, parameters: {day: \"${run.range_from}\"}}"
        let text = Self.text("label: \"${HOME} costs $${x}\", command: [a]", more: more)
            .replacing("day: {type: date}", with: "day: {type: date, description: \"As ${run.range_from}\"}")
        #expect(Sample.problems(text) == [])
    }

    @Test("a version that was accepted before keeps its texts")
    func acceptedTexts() throws {
        let text = Self.text(#"command: [echo, "${HOME}", "${x", "a ${secrets.x}"]"#)
        let source = ConfigurationSource(text: text, format: .yaml)
        let task = try #require(try ConfigurationReader.ofAcceptedText.read(source, file: "f").tasks.first { $0.id == "t" })
        #expect(task.references.isEmpty)
        #expect(try task.substituted(from: AttemptValues(outputs: [:])) == task)
    }

    @Test(
        "fails a task whose values do not fit",
        arguments: [
            (
                "command: [a, \"${outputs.load.gone}\"]",
                "A value that the task needs is missing: `${outputs.load.gone}` is not there: the task `load` gave no output `gone`."
            ),
            ("command: [a, \"${outputs.load.files[2]}\"]", "`outputs.load.files` has 2 items."),
            ("command: [a, \"${outputs.load.nul}\"]", "Item 2 of the command gets a NUL character"),
            ("command: [a], env: {A: \"${outputs.load.nul}\"}", "The variable `A` gets a NUL character"),
            ("http: {url: \"https://h/a\", headers: {x: \"${outputs.load.two}\"}}", "The header `x` gets a line break"),
            ("http: {url: \"https://h/a\", headers: {x: \"${outputs.load.nul}\"}}", "The header `x` gets a line break"),
            ("http: {url: \"https://h/a/${outputs.load.up}/b\"}", "the segment `..` in its path, which names another place"),
            ("http: {url: \"https://h/${outputs.load.up}\"}", "the segment `..`"),
            ("http: {url: \"https://h/${outputs.load.up}?x\"}", "the segment `..`"),
            ("http: {url: \"https://h/runs/${outputs.load.none}/x\"}", "an empty segment"),
            ("http: {url: \"https://h/runs/${outputs.load.none}\"}", "an empty segment"),
        ])
    func faults(members: String, words: String) {
        let fault = #expect(throws: SubstitutionFault.self) { try Self.substituted(members) }
        #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
    }

    @Test("a segment that a value and a text make together is not a step up either")
    func joinedSegments() throws {
        let dot: [String: JSONText] = ["load": JSONText(validated: #"{"dot":"."}"#)]
        for (url, isRefused) in [
            ("https://h/.${outputs.load.dot}/x", true), ("https://h/%2e${outputs.load.dot}/x", true),
            ("https://h/${outputs.load.dot}%2E", true),
            ("https://h/a${outputs.load.dot}/x", false), ("https://h/x?y=${outputs.load.dot}", false),
            ("https://h/x#${outputs.load.dot}", false),
            ("https://h/...${outputs.load.dot}", false),
        ] {
            let found = try? Self.substituted("http: {url: \"\(url)\"}", outputs: dot)
            #expect((found == nil) == isRefused, "\(url)")
        }
    }

    @Test("has limits, whatever the values are")
    func limits() throws {
        func outputs(_ bytes: Int) -> [String: JSONText] {
            ["load": JSONText(.object(["x": .string(String(repeating: "x", count: bytes))]))]
        }
        let cases: [(String, Int, String)] = [
            ("command: [a, \"${outputs.load.x}\"]", ConfigurationLimits.commandBytes - 1, "The command has more than 131072 bytes"),
            (
                "command: [a], env: {A: \"${outputs.load.x}\"}", ExpressionLimits.environmentBytes - 1,
                "The environment of the task has more than"
            ),
            (
                "http: {url: \"https://h/a\", headers: {x: \"${outputs.load.x}\"}}", ConfigurationLimits.headerBytes,
                "The header `x` has more than 8192"
            ),
            (
                "http: {url: \"https://h/${outputs.load.x}\"}", ConfigurationLimits.urlBytes - 10,
                "The URL of the call has 8193 bytes"
            ),
            (
                "http: {url: \"https://h/a\", method: POST, json: {a: \"${outputs.load.x}\"}}", ExpressionLimits.jsonBytes - 2,
                "The JSON body of the call has more"
            ),
        ]
        for (members, most, words) in cases {
            #expect(throws: Never.self) { try Self.substituted(members, outputs: outputs(most)) }
            let fault = #expect(throws: SubstitutionFault.self) { try Self.substituted(members, outputs: outputs(most + 1)) }
            #expect(fault?.message.contains(words) == true, "\(fault?.message ?? "")")
        }
        // A thousand large values end at the limit, not in memory.
        let many = "command: [a, \(Array(repeating: "\"${outputs.load.x}\"", count: 900).joined(separator: ", "))]"
        #expect(throws: SubstitutionFault.self) { try Self.substituted(many, outputs: outputs(1_000_000)) }
    }
}
