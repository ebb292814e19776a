import Testing
import WorkflowModel

extension StoreContract {
    static let texts: [Rule] = [
        Rule("Texts with any characters are stored byte by byte") { bench in
            for text in awkward {
                var run = RunHistory(1, random: bench.random).runs[0]
                run.state = .failed
                run.endedAt = StoreBench.after(30)
                run.name = text
                run.type = text
                run.principal = Principal(id: text, name: text, email: text)
                run.error = RunError(
                    attribution: .platform, type: text, message: text, data: JSONText(.array([.string(text)])))
                let task = TaskInstance(
                    id: TaskID(rawValue: "wft-1"), run: run.id, tenant: StoreBench.acme, label: text, state: .failed,
                    stateChangedAt: StoreBench.after(29), createdAt: StoreBench.start, endedAt: StoreBench.after(29),
                    executionType: text, engineRunID: text, definitionID: text, definitionType: text, error: run.error, attempts: 1)
                _ = try await bench.store.importRuns([ImportedRun(run: run, tasks: [task])], into: StoreBench.acme)
                let details = try await bench.details(run.id)
                let kept = try #require(details.tasks.first)
                let texts = [
                    details.run.name, details.run.type, details.run.principal.id, details.run.principal.name,
                    details.run.principal.email, details.run.error?.type, details.run.error?.message, kept.label,
                    kept.executionType, kept.engineRunID, kept.definitionID, kept.definitionType, kept.error?.message,
                ]
                for found in texts { #expect(found.map { Array($0.utf8) } == Array(text.utf8)) }
                #expect(details.run.error?.data == run.error?.data)
                let listed = try await bench.store.runs(
                    matching: RunQuery(tenant: StoreBench.acme, filter: RunFilter(type: text), withTotal: true))
                #expect(listed.total == .exactly(1) && listed.runs.map(\.id) == [run.id])
                #expect(listed.runs.first?.error == run.error)
            }
        },
        Rule("Outputs of a task are stored byte by byte") { bench in
            let id = try await bench.start([StoreBench.task("a"), StoreBench.task("b", needs: ["a"])])
            let values = JSONText(.object(["nul": .string("a\u{0}b"), "n": .number("12345678901234567890")]))
            _ = try await bench.store.commit(
                [.began, .succeeded(TaskOutput(values: values, runID: "e\u{0}\u{1}"))], under: bench.claimOne(),
                at: StoreBench.start)
            let second = try #require(try await bench.claim().first)
            #expect(second.inputs["a"] == values)
            let fault = RunError(attribution: .customer, type: "test/fault", message: "a\u{0}b", data: values)
            _ = try await bench.store.commit([.began, .failed(fault)], under: second.lease, at: StoreBench.after(1))
            let details = try await bench.details(id)
            #expect(details.tasks.map(\.engineRunID) == ["e\u{0}\u{1}", nil])
            #expect(details.tasks[1].error == fault && details.run.error?.message.utf8.contains(0) == true)
            #expect(try await bench.store.attempts(of: id, tenant: StoreBench.acme).last?.error == fault)
        },
        Rule("Types and principals that are only canonically equivalent are different") { bench in
            for forms in [equivalent, equivalent.map { $0.reversed() }] {
                for pair in forms {
                    let tenant = StoreBench.tenant("t\(pair[0].utf8.count)-\(Array(pair[0].utf8).last ?? 0)")
                    var runs = RunHistory(4, random: bench.random).runs
                    for index in runs.indices {
                        runs[index].tenant = tenant
                        runs[index].type = pair[index % 2]
                        runs[index].principal = Principal(id: pair[index % 2], name: pair[index % 2])
                    }
                    // The first two runs in one batch, each other run in a batch of its own.
                    for batch in [Array(runs[..<2]), [runs[2]], [runs[3]]] {
                        _ = try await bench.store.importRuns(batch.map { ImportedRun(run: $0) }, into: tenant)
                    }
                    for (index, form) in pair.enumerated() {
                        let query = RunQuery(tenant: tenant, filter: RunFilter(type: form), withTotal: true)
                        let page = try await bench.store.runs(matching: query)
                        #expect(page.total == .exactly(2))
                        #expect(Set(page.runs.map(\.id)) == Set([runs[index].id, runs[index + 2].id]))
                        for run in page.runs {
                            #expect(Array(run.type.utf8) == Array(form.utf8))
                            #expect(Array(run.principal.name.utf8) == Array(form.utf8))
                        }
                    }
                }
            }
        },
        Rule("A configuration whose text changes only in its form has a new version") { bench in
            _ = try await bench.store.saveConfiguration(bench.draft("cg-1", text: "caf\u{E9}"), at: StoreBench.start)
            let second = try await bench.store.saveConfiguration(
                bench.draft("cg-1", text: "cafe\u{301}"), at: StoreBench.after(1))
            #expect(second.change == .updated && second.version.number == 2)
            let kept = try await bench.store.configuration("cg-1", of: StoreBench.acme)
            #expect(kept.map { Array($0.source.text.utf8) } == Array("cafe\u{301}".utf8))
        },
        Rule("A list omits long error data, and a single run includes it") { bench in
            for (length, isListed) in [(RunQuery.longestData, true), (RunQuery.longestData + 1, false), (900_000, false)] {
                var run = RunHistory(1, random: bench.random).runs[0]
                run.state = .failed
                run.endedAt = StoreBench.after(30)
                run.type = "length-\(length)"
                // With a letter of two bytes, because lengths are in bytes.
                let data = JSONText(.string("é" + String(repeating: "x", count: length - 4)))
                #expect(data.text.utf8.count == length)
                run.error = RunError(attribution: .customer, type: "test/fault", message: "No", data: data)
                _ = try await bench.store.importRuns([ImportedRun(run: run)], into: StoreBench.acme)
                let listed = try await bench.store.runs(
                    matching: RunQuery(tenant: StoreBench.acme, filter: RunFilter(type: run.type))
                ).runs.first?.error
                #expect(listed?.data == (isListed ? data : nil))
                #expect(listed?.omittedDataBytes == (isListed ? nil : length))
                #expect(try await bench.details(run.id).run.error == run.error)
            }
        },
        Rule("A page ends early when its texts are long, and paging in either direction shows every run once") { bench in
            let runs = (0..<7).map { index in
                var run = RunHistory(1, random: bench.random).runs[0]
                run.createdAt = StoreBench.after(Double(index))
                run.state = .failed
                run.endedAt = StoreBench.after(30)
                let message = String(repeating: "m", count: RunQuery.pageBytes / 3 + (index == 3 ? RunQuery.pageBytes : 0))
                run.error = RunError(attribution: .customer, type: "test/fault", message: message)
                return run
            }
            _ = try await bench.store.importRuns(runs.map { ImportedRun(run: $0) }, into: StoreBench.acme)
            let newestFirst = runs.reversed().map(\.id)
            let filters = [
                RunFilter(), RunFilter(created: TimeWindow(from: StoreBench.start), ended: TimeWindow(from: StoreBench.after(30))),
            ]
            for filter in filters {
                var pages: [RunPage] = []
                var query = RunQuery(tenant: StoreBench.acme, filter: filter)
                repeat {
                    pages.append(try await bench.store.runs(matching: query))
                    query.after = pages.last?.next
                } while query.after != nil && pages.count < 10
                #expect(pages.flatMap { $0.runs.map(\.id) } == newestFirst)
                #expect(pages.map(\.runs.count) == [2, 1, 1, 2, 1])
                // Back from the end.
                var back: [RunID] = []
                query = RunQuery(tenant: StoreBench.acme, filter: filter, before: pages.last?.previous)
                for _ in 0..<10 where query.before != nil {
                    let page = try await bench.store.runs(matching: query)
                    back = page.runs.map(\.id) + back
                    query.before = page.previous
                }
                #expect(back == Array(newestFirst.dropLast()))
            }
        },
    ]

    /// NUL, which PostgreSQL cannot store; the character that replaces it there; characters that move the cursor or the direction; two
    /// forms of one letter; an emoji of several scalars; a name of the greatest length.
    private static let awkward = [
        "a\u{0}b", "\u{0}", "\u{1}", "\u{1}0", "\u{0}\u{1}\u{0}", "\u{1B}[2J\n", "a\u{202E}b", "\u{200B}", "caf\u{E9}",
        "cafe\u{301}", "👨‍👩‍👧", "\u{FFFD}\u{10FFFF}", String(repeating: "क्षि", count: NameRule.bytes / 12),
    ]

    /// Canonically equivalent texts with different bytes, in two forms each.
    private static let equivalent = [
        ["caf\u{E9}", "cafe\u{301}"], ["300K", "300\u{212A}"], ["\u{212B}", "\u{C5}"], ["q\u{307}\u{323}", "q\u{323}\u{307}"],
    ]
}
