import Foundation
import Testing

@Suite("House rules")
struct TidinessTests {
    static let longestFile = 400
    /// Targets that receive time, randomness and environment as parameters.
    static let rooms: Set<String> = [
        "WorkflowModel", "WorkflowEngine", "AlertDelivery", "StoreCore", "SQLiteStore", "PostgresStore", "WorkflowAPI",
        "WorkflowServer", "WorkflowPages",
    ]

    @Test func noFileIsTooLongToBeReadAtOnce() {
        let long = Repository.files.filter { $0.lineCount > Self.longestFile }.map { "\($0.path): \($0.lineCount) lines" }
        #expect(long == [])
    }

    @Test func namesOfTypesSayWhatTheyAre() {
        let vague = Pattern(
            #"\b(class|struct|enum|actor|protocol|typealias)\s+[A-Za-z0-9_]*(Manager|Helper|Util|Impl)(s|ities)?\b"#)
        #expect(Repository.files.flatMap { $0.places(of: vague) } == [])
    }

    @Test func nothingIsForcedInSources() {
        #expect(Repository.sources.flatMap { $0.places(of: Pattern(#"\b(try|as)!"#)) } == [], "`try!` and `as!` end the program")
        // A name, a bracket or a parenthesis followed by `!`, but neither `!=` nor a prefix operator.
        let unwrap = Pattern(#"[A-Za-z0-9_\])>]!(?:[.,;:)\]\[?(]|\s|$)"#)
        #expect(Repository.sources.flatMap { $0.places(of: unwrap) } == [], "unwrapping by force ends the program")
        #expect(Repository.sources.flatMap { $0.places(of: Pattern(#"\bfatalError\(|\bunowned\(unsafe\)"#)) } == [])
    }

    @Test func nothingIsLeftForLater() {
        let mark = Pattern(#"\b(TODO|FIXME|XXX|HACK)\b"#)
        let later = Repository.files.filter { !$0.path.hasPrefix("Tests/HouseRulesTests/") }.flatMap {
            $0.places(of: mark, in: $0.text)
        }
        #expect(later == [])
    }

    @Test func timeAndRandomnessComeFromTheCompositionRoot() {
        let ambient = Pattern(
            [
                #"\bDate\(\)"#, #"\bDate\.now\b"#, #"\b(Continuous|Suspending)Clock\b"#, #"\bTask\.sleep\b"#, #"\bclock_gettime\b"#,
                #"\bUUID\(\)"#, #"\bSystemRandomNumberGenerator\b"#, #"\.random\(in:[^)]*\)"#, #"\.randomElement\(\)"#,
                #"\.shuffled\(\)"#,
                #"\bgetenv\b"#, #"\bProcessInfo\.processInfo\b"#, #"\bSystem(Time|Random|ScheduleZones)\(\)"#,
            ].joined(separator: "|"))
        let adapter = "Sources/WorkflowModel/Ports/TimeSource.swift"
        let places = Repository.sources.filter { Self.rooms.contains($0.target) && $0.path != adapter }
            .flatMap { $0.places(of: ambient) }
        #expect(places == [])
    }

    @Test func sqlNeverAsksForTheTimeOrForRandomness() {
        let asking = Pattern(
            [
                #"(?i)\b(now|random|randomblob|unixepoch|julianday|strftime|datetime|clock_timestamp|gen_random_uuid)\s*\("#,
                #"\bcurrent_(timestamp|time|date)\b"#,
            ].joined(separator: "|"))
        let places = Repository.sources.filter { ["SQLiteStore", "PostgresStore"].contains($0.target) }
            .flatMap { $0.places(of: asking, in: $0.strings) }
        #expect(places == [])
    }

    @Test func testsDoNotSleep() {
        let sleeping = Pattern(
            #"\b(Task|Thread)\.sleep\b|\b(usleep|nanosleep)\(|\basyncAfter\b|Clock\(\)\.sleep\b|(?<![.\w])(?<!func )sleep\("#)
        #expect(Repository.tests.flatMap { $0.places(of: sleeping) } == [])
    }

    /// Foundation's `Process` may wait for ever: see `SpawnedProgram`.
    @Test func testsStartProgramsWithoutFoundation() {
        let starting = Pattern(#"\bProcess(\(\)|\.run\b)|\bwaitUntilExit\b"#)
        #expect(Repository.tests.flatMap { $0.places(of: starting) } == [])
    }

    @Test func noTestIsDisabledOrExpectedToFail() {
        let disabled = Pattern(#"@(Test|Suite)\([^{}]*\.(disabled|enabled)\(|\bwithKnownIssue\b|\bXCTSkip|\bimport XCTest\b"#)
        #expect(Repository.tests.flatMap { $0.places(of: disabled) } == [])
    }

    @Test func versionsOfLibrariesAreNotPinnedForUsersOfThePackage() throws {
        let ignored = try String(contentsOf: Repository.root.appending(path: ".gitignore"), encoding: .utf8)
        #expect(ignored.split(separator: "\n").contains("Package.resolved"))
        // In a clone, the index lists the committed files.
        if let index = try? Data(contentsOf: Repository.root.appending(path: ".git/index")) {
            #expect(index.range(of: Data("Package.resolved".utf8)) == nil)
        }
    }

    @Test func everyTargetIsBuiltByTheSameRules() throws {
        let manifest = try String(contentsOf: Repository.root.appending(path: "Package.swift"), encoding: .utf8)
        let targets = Pattern(#"\.(target|executableTarget|testTarget)\("#).lines(in: manifest).count
        let ruled = Pattern("swiftSettings: rules").lines(in: manifest).count
        #expect(targets == ruled && targets > 10)
    }
}
