import Testing
import WorkflowModel

@Suite("Texts that are no searches")
struct RunSearchErrorTests {
    private static func error(_ text: String) -> RunSearchError? {
        do {
            _ = try RunSearch(reading: text, at: searchTime)
            return nil
        } catch {
            return error
        }
    }

    /// A text, its problem, and the term that has it with its place.
    struct Refused: CustomTestStringConvertible, Sendable {
        var text: String
        var problem: RunSearchError.Problem
        var term: String
        var place: Int

        init(_ text: String, _ problem: RunSearchError.Problem, _ term: String? = nil, at place: Int = 1) {
            self.text = text
            self.problem = problem
            self.term = term ?? text
            self.place = place
        }

        var testDescription: String { text }
    }

    private static let keys: [Refused] = [
        Refused("type:a stat:failed", .unknownKey("stat", nearest: .state), "stat:failed", at: 8),
        Refused("wrokflow:x", .unknownKey("wrokflow", nearest: .workflow)),
        Refused("confg_id:x", .unknownKey("confg_id", nearest: .workflow)),
        Refused("-https://x", .unknownKey("https", nearest: nil)),
        Refused("é1 C:\\x", .unknownKey("C", nearest: nil), "C:\\x", at: 4),
        Refused("state:", .noValue(.state)), Refused("state:failed,", .noValue(.state)), Refused("type:,a", .noValue(.type)),
        Refused("since:", .noValue(.since)), Refused("text:", .noValue(.text)),
    ]

    private static let values: [Refused] = [
        Refused("state:faild", .value(.state, text: "faild")), Refused("fault:us", .value(.attribution, text: "us")),
        Refused("mode:fast", .value(.mode, text: "fast")), Refused("mode:full,source", .value(.mode, text: "full,source")),
        Refused("since:soon", .value(.since, text: "soon")), Refused("on:7d", .value(.on, text: "7d")),
        Refused("took:10m", .value(.took, text: "10m")), Refused("took:>", .value(.took, text: ">")),
        Refused("took:>10x", .value(.took, text: ">10x")), Refused("took:..", .value(.took, text: "..")),
        Refused("attempts:0", .value(.attempts, text: "0")), Refused("attempts:<3", .value(.attempts, text: "<3")),
        Refused("attempts:>1000", .value(.attempts, text: ">1000")), Refused("label:team", .value(.label, text: "team")),
        Refused("label:a b", .value(.label, text: "a"), "label:a"), Refused("x", .value(.text, text: "x")),
        Refused("ab -", .value(.text, text: "-"), "-", at: 4), Refused("\"\"", .value(.text, text: "")),
        Refused("sort:name", .value(.sort, text: "name")), Refused("order:up", .value(.order, text: "up")),
        Refused("by:\"a\0\"", .value(.by, text: "a\0")),
    ]

    private static let combinations: [Refused] = [
        Refused("-attribution:customer", .cannotExclude(.attribution)), Refused("-since:7d", .cannotExclude(.since)),
        Refused("-sort:runtime", .cannotExclude(.sort)), Refused("-took:>1h", .cannotExclude(.took)),
        Refused("-dec", .cannotExclude(.on)), Refused("-mode:full", .cannotExclude(.mode)),
        Refused("since:7d since:3d", .repeated(.since), "since:3d", at: 10),
        Refused("since:7d dec", .repeated(.since), "dec", at: 10),
        Refused("dec nov", .repeated(.since), "nov", at: 5),
        Refused("took:>1h took:1h..2h", .repeated(.took), "took:1h..2h", at: 10),
        Refused("mode:full mode:full", .repeated(.mode), "mode:full", at: 11),
        Refused("sort:ended sort:runtime", .repeated(.sort), "sort:runtime", at: 12),
        Refused("sort:-ended order:asc", .repeated(.order), "order:asc", at: 13),
        Refused("attempts:2 attempts:3", .repeated(.attempts), "attempts:3", at: 12),
        Refused("until:2024 since:2025", .reversed, "since:2025", at: 12), Refused("took:2h..1h", .reversed),
        Refused("ended-since:1d ended-until:2d", .reversed, "ended-until:2d", at: 16),
    ]

    private static let quotes: [Refused] = [
        Refused("type:a \"load orders", .quoteWithoutEnd, "\"load orders", at: 8), Refused("type:\"a", .quoteWithoutEnd),
        Refused("\"a\\\"", .quoteWithoutEnd), Refused("\"ab\"cd", .textAfterQuote), Refused("type:\"a\"b,c", .textAfterQuote),
        Refused("\"ab\",\"cd\"", .textAfterQuote),
    ]

    private static let all: [Refused] = [keys, values, combinations, quotes].flatMap { $0 }

    @Test(arguments: all)
    func nameTheTermAndItsPlace(refused: Refused) throws {
        let error = try #require(Self.error(refused.text))
        #expect(error.problem == refused.problem && error.term == refused.term && error.place == refused.place)
        #expect(error.message.hasPrefix("The search's term `") && error.message.hasSuffix("."))
        #expect(error.message.contains(" at character \(refused.place) "))
    }

    @Test func theMessageSaysWhatIsAccepted() {
        #expect(
            Self.error("stat:failed")?.message.hasPrefix(
                "The search's term `stat:failed` at character 1 has the unknown key `stat`; did you mean `state`? Accepted keys: state,"
            )
                == true)
        #expect(Self.error("htp:x")?.message.contains("unknown key `htp`. Accepted keys: state") == true)
        for (search, nearest) in [
            ("state:faild", "failed"), ("-is:sucseeded", "succeeded"), ("fault:platfrom", "platform"), ("mode:ful", "full"),
            ("since:yesterdy", "yesterday"), ("on:tuseday", "tuesday"), ("sort:runtme", "runtime"), ("order:dsc", "desc"),
        ] {
            let message = Self.error(search)?.message
            #expect(message?.contains("; did you mean `\(nearest)`? Accepted are ") == true, "\(search): \(message ?? "")")
        }
        #expect(Self.error("fault:us")?.message.hasSuffix("has the value `us`; accepted are customer, platform.") == true)
        #expect(
            Self.error("-since:7d")?.message.hasSuffix(
                "cannot be excluded; accepted are -state, -type, -workflow, -by, -error, -label, -text, -warnings.") == true)
        #expect(Self.error("since:soon")?.message.hasSuffix("; accepted are \(TypedTime.acceptedForms).") == true)
    }

    @Test func aSearchHasSoManyBytes() {
        let longest = "text:" + String(repeating: "é", count: 150) + " type:" + String(repeating: "x", count: 4_096 - 311)
        #expect(longest.utf8.count == 4_096 && Self.error(longest) == nil)
        #expect(Self.error(longest + "x")?.problem == .tooLong(bytes: 4_097))
        #expect(Self.error(longest + "x")?.message == "The search has 4097 bytes; accepted are 4096 at most.")
    }

    @Test func aSearchHasSoManyTermsAndValues() {
        func words(_ count: Int, _ sign: String = "") -> String { (0..<count).map { "\(sign)w\($0)x" }.joined(separator: " ") }
        #expect(Self.error(words(20) + " " + words(20, "-")) == nil)
        #expect(Self.error(words(21))?.problem == .tooManyValues(.text, most: 20))
        #expect(Self.error(words(21, "-"))?.term == "-w20x")
        let types = (0..<21).map { "t\($0)" }
        #expect(Self.error("type:" + types.dropLast().joined(separator: ",")) == nil)
        #expect(Self.error("type:" + types.joined(separator: ","))?.problem == .tooManyValues(.type, most: 20))
        let states = Array(repeating: "-state:failed", count: 21).joined(separator: " ")
        #expect(Self.error(states)?.problem == .tooManyValues(.state, most: 20))
        let terms = ["type", "-type", "workflow", "-workflow", "by", "-by"].flatMap { key in (0..<20).map { "\(key):v\($0)" } }
        #expect(Self.error(terms.prefix(100).joined(separator: " ")) == nil)
        #expect(Self.error(terms.prefix(101).joined(separator: " "))?.problem == .tooManyTerms)
    }

    @Test func placesCountCharacters() {
        #expect(Self.error("\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}x e\u{301}\u{E9} stat:x")?.place == 7)
    }
}
