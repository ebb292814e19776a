import Testing
import WorkflowModel

/// Random conditions, compared with an evaluator that is written for obviousness: it has a fourth result, "none", and no shared code.
@Suite("Conditions, at random")
struct ConditionPropertyTests {
    indirect enum Tree {
        case value(JSONValue)
        case output(String)
        case list([Tree])
        case not(Tree)
        case both(Tree, Tree)
        case either(Tree, Tree)
        case compare(Tree, String, Tree)
        case contains(Tree, Tree)

        /// With all parentheses, so that precedence does not matter.
        var text: String {
            switch self {
            case .value(.string(let text)): "'\(text.replacing("'", with: "''"))'"
            case .value(let value): value.text
            case .output(let name): "${outputs.t.\(name)}"
            case .list(let items): "[\(items.map(\.text).joined(separator: ", "))]"
            case .not(let tree): "not (\(tree.text))"
            case .both(let left, let right): "(\(left.text)) and (\(right.text))"
            case .either(let left, let right): "(\(left.text)) or (\(right.text))"
            case .compare(let left, let sign, let right): "(\(left.text)) \(sign) (\(right.text))"
            case .contains(let left, let right): "(\(left.text)) in (\(right.text))"
            }
        }

        var depth: Int {
            switch self {
            case .value, .output: 0
            case .list(let items): 1 + (items.map(\.depth).max() ?? 0)
            case .not(let tree): 2 + tree.depth
            case .both(let left, let right), .either(let left, let right), .compare(let left, _, let right),
                .contains(let left, let right):
                1 + max(left.depth, right.depth)
            }
        }
    }

    private static let outputs: [(String, JSONValue)] = [
        ("n", 3), ("f", .number("2.5")), ("s", "eu"), ("yes", .bool(true)), ("no", .bool(false)), ("none", .null),
        ("list", ["eu", 3, .null]), ("object", ["a": 1]),
    ]

    @Test("have the result that a naive evaluator finds", arguments: 0..<20)
    func agree(seed: UInt64) throws {
        var random = Steps(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
        let text = JSONText(.object(JSONMembers(Dictionary(uniqueKeysWithValues: Self.outputs))))
        var decided = 0
        for _ in 0..<400 {
            let tree = Self.flag(&random, 4)
            guard tree.depth <= 32, tree.text.utf8.count <= 2_000 else { continue }
            guard let condition = try? ConditionExpression(tree.text) else {
                #expect(tree.text.components("${") > 20, "\(tree.text)")
                continue
            }
            #expect((try? ConditionExpression(condition.description)) == condition, "\(tree.text): \(condition)")
            let run = RunContext(
                id: RunID(rawValue: "wf-1"), tenant: "a", configuration: "c", name: "C", createdAt: Timestamp(milliseconds: 0),
                mode: .full)
            let values = AttemptValues(of: run, parameters: RunParameters(), outputs: ["t": text], naming: condition.references)
            let expected = Self.naive(tree)
            let found = try? condition.isTrue(values)
            if case .bool(let flag)? = expected {
                decided += 1
                #expect(found == flag, "\(tree.text)")
            } else {
                #expect(found == nil, "\(tree.text)")
            }
        }
        #expect(decided > 100)
    }

    private static func flag(_ random: inout Steps, _ depth: Int) -> Tree {
        guard depth > 0 else { return random.one(of: [.value(.bool(true)), .value(.bool(false)), .output("yes"), .output("no")]) }
        switch random.below(7) {
        case 0: return .not(flag(&random, depth - 1))
        case 1, 2: return .both(flag(&random, depth - 1), flag(&random, depth - 1))
        case 3, 4: return .either(flag(&random, depth - 1), flag(&random, depth - 1))
        case 5:
            let sign = random.one(of: ["==", "!=", "<", "<=", ">", ">="])
            let kind = random.below(8)
            return .compare(operand(&random, kind), sign, operand(&random, kind))
        default:
            let list: Tree =
                random.below(2) == 0 ? .output("list") : .list((0..<random.below(4)).map { _ in operand(&random, random.below(8)) })
            return .contains(operand(&random, random.below(8)), list)
        }
    }

    /// Mostly a number or a text of the same kind, so that most comparisons have a result.
    private static func operand(_ random: inout Steps, _ kind: Int) -> Tree {
        switch kind {
        case 0...2: random.one(of: [.value(3), .value(2), .value(.number("2.5")), .output("n"), .output("f")])
        case 3...5: random.one(of: [.value("eu"), .value("it's"), .value(""), .output("s")])
        case 6: random.one(of: [.value(.null), .output("none"), .output("list"), .output("object"), .value(.bool(true))])
        default: random.one(of: [.value(1), .value("1"), .output("gone"), .output("n"), .output("s")])
        }
    }

    /// nil for no result.
    private static func naive(_ tree: Tree) -> JSONValue? {
        switch tree {
        case .value(let value): return value
        case .output(let name): return outputs.first { $0.0 == name }?.1
        case .list(let items):
            let values = items.compactMap(naive)
            return values.count == items.count ? .array(values) : nil
        case .not(let tree):
            guard case .bool(let flag)? = naive(tree) else { return nil }
            return .bool(!flag)
        case .both(let left, let right):
            guard case .bool(let first)? = naive(left) else { return nil }
            guard first else { return .bool(false) }
            guard case .bool(let second)? = naive(right) else { return nil }
            return .bool(second)
        case .either(let left, let right):
            guard case .bool(let first)? = naive(left) else { return nil }
            guard !first else { return .bool(true) }
            guard case .bool(let second)? = naive(right) else { return nil }
            return .bool(second)
        case .compare(let left, let sign, let right):
            guard let left = naive(left), let right = naive(right) else { return nil }
            return compare(left, sign, right).map(JSONValue.bool)
        case .contains(let item, let list):
            guard let item = naive(item), case .array(let items)? = naive(list) else { return nil }
            return .bool(items.contains { number($0) != nil && number(item) != nil ? number($0) == number(item) : $0 == item })
        }
    }

    private static func compare(_ left: JSONValue, _ sign: String, _ right: JSONValue) -> Bool? {
        let order: Int
        if let first = number(left), let second = number(right) {
            order = first < second ? -1 : first > second ? 1 : 0
        } else if let first = left.string, let second = right.string {
            order = first == second ? 0 : first < second ? -1 : 1
        } else if sign == "==" || sign == "!=" {
            guard left == .null || right == .null || kind(left) == kind(right) else { return nil }
            return (left == right) == (sign == "==")
        } else {
            return nil
        }
        switch sign {
        case "==": return order == 0
        case "!=": return order != 0
        case "<": return order < 0
        case "<=": return order <= 0
        case ">": return order > 0
        default: return order >= 0
        }
    }

    private static func number(_ value: JSONValue) -> Double? {
        switch value {
        case .integer(let number): Double(number)
        case .number(let text): Double(text)
        default: nil
        }
    }

    private static func kind(_ value: JSONValue) -> Int {
        switch value {
        case .null: 0
        case .bool: 1
        case .integer, .number: 2
        case .string: 3
        case .array: 4
        case .object: 5
        }
    }
}

/// Pseudorandom numbers: xorshift64*.
struct Steps {
    var state: UInt64

    mutating func below(_ limit: Int) -> Int {
        state ^= state >> 12
        state ^= state << 25
        state ^= state >> 27
        return Int((state &* 0x2545_F491_4F6C_DD1D) >> 33) % limit
    }

    mutating func one<Item>(of items: [Item]) -> Item { items[below(items.count)] }
}

extension String {
    fileprivate func components(_ mark: String) -> Int { ranges(of: mark).count }
}
