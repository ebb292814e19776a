import Testing

@testable import WorkflowModel

/// Texts of pieces in random order: each is read or refused by a message, and one that is read survives being kept.
///
/// Each case has a time limit, so that a text that takes more than linear time is noticed.
@Suite("Expressions of random pieces", .timeLimit(.minutes(2)))
struct ExpressionFuzzTests {
    private static let pieces = [
        "${", "}", "$", "$${", "outputs", "parameters", "run", "secrets", ".", "[", "]", "0", "'", "\"", "a", "id", "(", ")", "and",
        "or",
        "not", "in", "==", "!=", "<", "<=", ">", ">=", " ", ",", "true", "null", "-1.5e3", "\u{0}", "\u{301}", "é", "\u{1F600}",
        "\u{202E}", "\\",
        "%2e", "/", "?", "#", "https://h/", "{", "\n",
    ]

    private static func text(_ random: inout Steps) -> String {
        (0..<random.below(40)).map { _ in random.one(of: pieces) }.joined()
    }

    @Test("conditions", arguments: 0..<10)
    func conditions(seed: UInt64) {
        var random = Steps(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
        for _ in 0..<3_000 {
            let text = Self.text(&random)
            do throws(SubstitutionProblem) {
                let condition = try ConditionExpression(text)
                let values = AttemptValues(outputs: [:])
                #expect(TaskGate(condition, in: values).expression == condition.bound(to: values), "\(text.debugDescription)")
                #expect(ConditionExpression(storedValue: condition.storedValue) == condition, "\(text.debugDescription)")
                #expect((try? ConditionExpression(condition.description)) == condition, "\(text.debugDescription)")
                _ = try? condition.isTrue(AttemptValues(outputs: [:]))
            } catch {
                #expect(!error.message.isEmpty && error.message.utf8.count < 600, "\(text.debugDescription)")
            }
        }
    }

    @Test(
        "the longest texts of two pieces in turn, each of which is read or refused in the time of its length",
        arguments: ["${", "(", "[", "'", "not ", "1 in ", "true and ", "$${", "a.", "\u{202E}"])
    func long(first: String) {
        for second in Self.pieces {
            let pair = first + second
            let text = String(repeating: pair, count: ExpressionLimits.conditionBytes / pair.utf8.count)
            do throws(SubstitutionProblem) {
                _ = try ConditionExpression(text)
            } catch {
                // A quoted character that is not visible is written as its number.
                #expect(!error.message.isEmpty && error.message.utf8.count < 1_500, "\(pair.debugDescription)")
            }
            guard let template = try? TextTemplate(text) else { continue }
            #expect((try? TextTemplate(template.written)) == template, "\(pair.debugDescription)")
        }
    }

    @Test("texts and URLs", arguments: 0..<10)
    func templates(seed: UInt64) {
        var random = Steps(state: seed &* 0xD1B5_4A32_D192_ED03 | 1)
        for _ in 0..<3_000 {
            let text = Self.text(&random)
            if let template = try? TextTemplate(text) {
                // Written again, it is the same text.
                #expect((try? TextTemplate(template.written)) == template, "\(text.debugDescription)")
            }
            if let template = try? URLTemplate.template("https://h/" + text), !template.references.isEmpty {
                var budget = SubstitutionBudget(ConfigurationLimits.urlBytes, of: "It")
                let values = Everything(
                    value: .string(random.one(of: ["..", ".", "", "a/b", "a b", "x@y:1", "é", "%2e%2E", "?q#f"])))
                let url = try? URLTemplate.text(template, &budget, values)
                if let url { Self.expectSamePlace(url, template) }
            }
        }
    }

    /// A value adds no step up, and no part that the template does not have.
    private static func expectSamePlace(_ url: String, _ template: TextTemplate) {
        #expect(url.hasPrefix("https://h/"))
        let literals = template.parts.map { part in
            if case .literal(let literal) = part { literal.text } else { "" }
        }.joined()
        for mark in ["/", "?", "#"] as [Character] {
            #expect(url.count { $0 == mark } == literals.count { $0 == mark }, "\(url)")
        }
    }

    private struct Everything: SubstitutionValues {
        var value: JSONValue
        func value(of reference: Reference) throws(MissingValue) -> JSONValue { value }
    }
}
