import Testing

@testable import WorkflowModel

@Suite("The fields of a filter of runs")
struct RunFilterFieldTests {
    private static func example(_ field: RunFilterField) -> String {
        switch field.kind {
        case .dateTime: "2024-04-01T09:30:15.250Z"
        case .state: "failed"
        case .text: "a b"
        case .words: "connection reset"
        case .attribution: "platform"
        case .label: "example.com/team:crm"
        case .runMode: "refresh"
        case .duration: "1h30m"
        case .count: "2"
        case .flag: "true"
        }
    }

    private static func properties(of filter: RunFilter) -> [String: String] {
        Dictionary(
            Mirror(reflecting: filter).children.map { ($0.label ?? "", "\($0.value)") }, uniquingKeysWith: { first, _ in first })
    }

    @Test func everyPropertyOfAFilterIsReadFromAField() throws {
        let empty = Self.properties(of: RunFilter())
        let full = Self.properties(of: try RunFilter { [Self.example($0)] })
        for (name, value) in empty { #expect(full[name] != value, "\(name) has no field in RunFilterField") }
    }

    @Test(arguments: RunFilterField.all)
    func aFieldReadsWhatItWrites(field: RunFilterField) throws {
        let filter = try RunFilter { $0 == field ? [Self.example(field)] : [] }
        #expect(filter != RunFilter())
        #expect(filter.texts.map(\.field) == [field] && filter.texts.map(\.text) == [Self.example(field)])
        for other in RunFilterField.all where other != field { #expect(filter.value(of: other) == nil) }
        let again = try RunFilter { $0 == field ? filter.texts.map(\.text) : [] }
        #expect(again == filter)
    }

    @Test(arguments: RunFilterField.all)
    func aFieldTakesSoManyValuesAndNoMore(field: RunFilterField) throws {
        let most = Array(repeating: Self.example(field), count: field.mostValues)
        _ = try RunFilter { $0 == field ? most : [] }
        #expect(throws: RunFilterError.tooManyValues(field)) {
            try RunFilter { $0 == field ? most + [Self.example(field)] : [] }
        }
    }

    @Test func aRepeatedFieldKeepsAllItsValuesInOrder() throws {
        let values: [RunFilterField: [String]] = [
            .state: ["failed", "canceled"], .attribution: ["customer", "platform"], .label: ["a:1", "b:2"], .text: ["xx", "yy"],
        ]
        for field in RunFilterField.all where field.mostValues > 1 {
            let given = values[field] ?? (field.kind == .label ? ["a:1", "b:2"] : ["xx", "yy"])
            let filter = try RunFilter { $0 == field ? given.reversed() : [] }
            #expect(filter.texts.map(\.text).sorted() == given.sorted(), "\(field)")
        }
    }

    @Test(arguments: RunFilterField.all.filter { $0.kind != .text && $0.kind != .words })
    func aFieldRefusesWhatIsNotOfItsKind(field: RunFilterField) {
        #expect(throws: RunFilterError.value(field, text: "done?")) { try RunFilter { $0 == field ? ["done?"] : [] } }
    }

    @Test(arguments: RunFilterField.all)
    func aFieldRefusesNULExceptTheDocumentedType(field: RunFilterField) {
        let filter = try? RunFilter { $0 == field ? ["a\0b"] : [] }
        #expect((filter != nil) == (field == .type))
    }

    @Test func aTextThatIsComparedAsAWholeHasSoManyBytes() throws {
        func filter(_ field: RunFilterField, _ count: Int) throws -> RunFilter {
            try RunFilter { $0 == field ? [String(repeating: "x", count: count)] : [] }
        }
        for field in RunFilterField.all where field.kind == .text {
            #expect(try filter(field, 4_096) != RunFilter())
            #expect(throws: RunFilterError.self) { try filter(field, 4_097) }
        }
        for field in [RunFilterField.text, .notText] {
            #expect(try filter(field, 2) != RunFilter() && filter(field, 200) != RunFilter())
            #expect(throws: RunFilterError.self) { try filter(field, 1) }
            #expect(throws: RunFilterError.self) { try filter(field, 201) }
        }
    }

    @Test(arguments: [
        ("1", true), ("1000", true), ("01", true), ("0", false), ("1001", false), ("-1", false), ("+2", false), ("2.0", false),
        ("", false),
        ("２", false), ("99999999999999999999", false),
    ])
    func attemptsAreAWholeNumber(text: String, isAccepted: Bool) {
        let filter = try? RunFilter { $0 == .attemptsFrom ? [text] : [] }
        #expect((filter?.attemptsFrom != nil) == isAccepted)
    }

    /// The kept counts and indexes of windows, states and types answer the others.
    @Test(arguments: RunFilterField.all)
    func everyFieldBesideWindowsStatesAndTypesIsAnAddedCondition(field: RunFilterField) throws {
        let kept: [RunFilterField] = [.createdFrom, .createdTo, .endedFrom, .endedTo, .state, .type, .notType]
        let filter = try RunFilter { $0 == field ? [Self.example(field)] : [] }
        #expect(filter.hasAddedConditions == !kept.contains(field))
    }

    @Test func severalOfThoseAreNoAddedCondition() {
        #expect(!RunFilter().hasAddedConditions)
        #expect(
            !RunFilter(created: TimeWindow(), ended: TimeWindow(), states: [], types: TextChoice(included: ["a", "b"]))
                .hasAddedConditions)
    }

    @Test(arguments: [
        (RunFilterField.createdFrom, RunFilterField.createdTo, "2024-04", "2024-03-31T23:59:59.999"),
        (.endedFrom, .endedTo, "2024-04", "2024-03-31T23:59:59.999"), (.runtimeFrom, .runtimeTo, "1m", "59s999ms"),
    ])
    func aWindowEndsAfterItStarts(from: RunFilterField, to: RunFilterField, start: String, early: String) throws {
        func read(_ end: String) throws -> RunFilter {
            try RunFilter { $0 == from ? [start] : $0 == to ? [end] : [] }
        }
        let refused = #expect(throws: RunFilterError.self) { try read(early) }
        guard case .reversed(from, _, to, _)? = refused else {
            Issue.record("\(String(describing: refused)) was thrown")
            return
        }
        #expect(try read(start) != RunFilter())
    }

    @Test func typedTimesAreReadWhereTheyAreAccepted() throws {
        let now = try #require(Timestamp(iso8601: "2026-11-30T12:00"))
        let filter = try RunFilter(reading: { $0 == .createdFrom ? ["yesterday"] : $0 == .type ? ["today"] : [] }, at: now)
        #expect(filter.created == TimeWindow(from: Timestamp(iso8601: "2026-11-29")) && filter.types.single == "today")
        #expect(throws: RunFilterError.value(.endedTo, text: "soon")) {
            try RunFilter(reading: { $0 == .endedTo ? ["soon"] : [] }, at: now)
        }
        #expect(throws: RunFilterError.value(.createdFrom, text: "yesterday")) {
            try RunFilter { $0 == .createdFrom ? ["yesterday"] : [] }
        }
    }

    @Test func namesAreOfLowerCaseLettersAndSayWhatTheyAre() {
        for field in RunFilterField.all {
            #expect(field.name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") })
            #expect(field.summary.hasPrefix("Runs ") && field.summary.hasSuffix("."))
            #expect(field.kind.refusal.contains("accepted") && field.kind.typedRefusal.contains("accepted"))
        }
        #expect(Set(RunFilterField.all.map(\.name)).count == RunFilterField.all.count)
    }
}
