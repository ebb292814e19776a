extension ConditionExpression: CustomStringConvertible {
    /// As a configuration writes it, with the parentheses that it needs. It reads as the same condition.
    public var description: String { text(within: .or) }

    /// From weak to strong.
    private enum Strength: Int, Comparable {
        case or
        case and
        case not
        case comparison
        case operand

        static func < (left: Strength, right: Strength) -> Bool { left.rawValue < right.rawValue }
    }

    private func text(within least: Strength) -> String {
        let (text, strength) = written
        return strength < least ? "(\(text))" : text
    }

    private var written: (String, Strength) {
        switch self {
        case .literal(.string(let text)): ("'\(text.replacingBytes("'", with: "''"))'", .operand)
        case .literal(let value): (value.text, .operand)
        case .list(let items): ("[\(items.map { $0.text(within: .operand) }.joined(separator: ", "))]", .operand)
        case .reference(let reference): ("${\(reference.description)}", .operand)
        case .not(.isIn(let item, let list)):
            ("\(item.text(within: .operand)) not in \(list.text(within: .operand))", .comparison)
        case .not(let operand): ("not \(operand.text(within: .not))", .not)
        case .and(let operands): (operands.map { $0.text(within: .not) }.joined(separator: " and "), .and)
        case .or(let operands): (operands.map { $0.text(within: .and) }.joined(separator: " or "), .or)
        case .comparison(let left, let comparison, let right):
            ("\(left.text(within: .operand)) \(comparison.rawValue) \(right.text(within: .operand))", .comparison)
        case .isIn(let item, let list): ("\(item.text(within: .operand)) in \(list.text(within: .operand))", .comparison)
        }
    }
}
