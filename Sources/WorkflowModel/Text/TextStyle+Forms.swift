extension TextStyle {
    /// The parameters that select this style after a reset, with subparameters after colons.
    private var codes: [String] {
        var codes: [String] = []
        if isBold { codes.append("1") }
        if isDim { codes.append("2") }
        if isItalic { codes.append("3") }
        if let underline { codes.append(underline == .single ? "4" : "4:\(underline.rawValue)") }
        if isInverse { codes.append("7") }
        if isStruck { codes.append("9") }
        if let foreground { codes.append(foreground.code(basic: 30, bright: 90, extended: 38)) }
        if let background { codes.append(background.code(basic: 40, bright: 100, extended: 48)) }
        return codes
    }

    /// The sequence that selects this style on a terminal, whatever was selected before. Uses the forms that most terminals
    /// support: semicolons in colors, and a single underline for every kind.
    public var sequence: String {
        let parameters = codes.map { $0.hasPrefix("4:") ? "4" : $0.replacing("::", with: ":").replacing(":", with: ";") }
        return "\u{1B}[\((["0"] + parameters).joined(separator: ";"))m"
    }

    /// A form for positions in a log: digits, `:` and `-`. Equal styles have equal texts.
    public var text: String {
        codes.joined(separator: "-")
    }

    public init(text: some StringProtocol) {
        guard !text.isEmpty else { return }
        apply(text.split(separator: "-").map { $0.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) } })
    }
}

extension TextStyle.Color {
    fileprivate func code(basic: Int, bright: Int, extended: Int) -> String {
        switch self {
        case .palette(let number) where number < 8: String(basic + Int(number))
        case .palette(let number) where number < 16: String(bright + Int(number) - 8)
        case .palette(let number): "\(extended):5:\(number)"
        case .rgb(let red, let green, let blue): "\(extended):2::\(red):\(green):\(blue)"
        }
    }

    /// The closest of the sixteen basic colors, by xterm's palette.
    public var closestBasic: Int {
        let (red, green, blue) = components
        func distance(_ basic: Int) -> Int {
            let (basicRed, basicGreen, basicBlue) = Self.basic[basic]
            let differences = [red - basicRed, green - basicGreen, blue - basicBlue]
            return differences.reduce(0) { $0 + $1 * $1 }
        }
        if case .palette(let number) = self, number < 16 { return Int(number) }
        return Self.basic.indices.min { distance($0) < distance($1) } ?? 7
    }

    /// The color in six hexadecimal digits; nil for one of the sixteen basic colors, which every terminal shows in its own way.
    public var exact: String? {
        if case .palette(let number) = self, number < 16 { return nil }
        let (red, green, blue) = components
        let digits = String((red << 16) | (green << 8) | blue, radix: 16)
        return String(repeating: "0", count: 6 - digits.count) + digits
    }

    private var components: (Int, Int, Int) {
        switch self {
        case .rgb(let red, let green, let blue): (Int(red), Int(green), Int(blue))
        case .palette(let number) where number < 16: Self.basic[Int(number)]
        case .palette(let number) where number < 232:
            (Self.level(Int(number - 16) / 36), Self.level(Int(number - 16) / 6 % 6), Self.level(Int(number - 16) % 6))
        case .palette(let number):
            (8 + 10 * Int(number - 232), 8 + 10 * Int(number - 232), 8 + 10 * Int(number - 232))
        }
    }

    private static func level(_ step: Int) -> Int {
        step == 0 ? 0 : 55 + 40 * step
    }

    private static let basic = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]
}
