import Testing

@testable import WorkflowModel

/// Texts of pieces in random order: each is read or refused by a message, and one that is read survives being kept.
@Suite("Expressions of random pieces")
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
                let kept = TaskGate(condition, in: AttemptValues(outputs: [:])).expression
                #expect(kept == condition, "\(text.debugDescription)")
                #expect((try? ConditionExpression(condition.description)) == condition, "\(text.debugDescription)")
                _ = try? condition.isTrue(AttemptValues(outputs: [:]))
            } catch {
                #expect(!error.message.isEmpty && error.message.utf8.count < 600, "\(text.debugDescription)")
            }
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
