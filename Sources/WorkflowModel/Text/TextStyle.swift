/// The style of text on a terminal: the supported part of ECMA-48's "select graphic rendition".
///
/// Blinking and concealing are ignored, because output has to stay readable.
public struct TextStyle: Hashable, Sendable {
    public enum Underline: Int, Sendable {
        case single = 1
        case double
        case curly
        case dotted
        case dashed
    }

    public enum Color: Hashable, Sendable {
        /// 0 to 7 are the basic colors, 8 to 15 their bright forms, the others a cube of 216 colors and 24 grays.
        case palette(UInt8)
        case rgb(UInt8, UInt8, UInt8)
    }

    public var isBold = false
    public var isDim = false
    public var isItalic = false
    public var isInverse = false
    public var isStruck = false
    public var underline: Underline?
    /// nil for the default color; so for the background.
    public var foreground: Color?
    public var background: Color?

    public init() {}

    public var isPlain: Bool { self == TextStyle() }

    /// - Parameter parameters: of one sequence; an empty one means 0.
    public mutating func apply(_ parameters: [[Int?]]) {
        var rest = parameters[...]
        while let parameter = rest.popFirst() {
            let code = parameter.first.flatMap { $0 } ?? 0
            if parameter.count > 1 {
                apply(code, subparameters: parameter.dropFirst())
            } else if [38, 48, 58].contains(code) {
                setColor(of: code, Self.color(following: &rest))
            } else {
                apply(code)
            }
        }
    }

    private mutating func apply(_ code: Int) {
        switch code {
        case 0: self = TextStyle()
        case 1: isBold = true
        case 2: isDim = true
        case 3: isItalic = true
        case 4: underline = .single
        case 7: isInverse = true
        case 9: isStruck = true
        case 21: underline = .double
        case 22: (isBold, isDim) = (false, false)
        case 23: isItalic = false
        case 24: underline = nil
        case 27: isInverse = false
        case 29: isStruck = false
        case 30...37: foreground = .palette(UInt8(code - 30))
        case 39: foreground = nil
        case 40...47: background = .palette(UInt8(code - 40))
        case 49: background = nil
        case 90...97: foreground = .palette(UInt8(code - 82))
        case 100...107: background = .palette(UInt8(code - 92))
        default: break
        }
    }

    /// `4:3` is a kind of underline, `38:5:n` and `38:2:…` are colors.
    private mutating func apply(_ code: Int, subparameters: ArraySlice<Int?>) {
        let values = subparameters.map { $0 ?? 0 }
        switch (code, values[0]) {
        case (4, let kind): underline = kind == 0 ? nil : Underline(rawValue: kind) ?? .single
        case (38, 5), (48, 5): setColor(of: code, values.count > 1 ? Self.palette(values[1]) : nil)
        // With a color space number before the three components, as in the standard, or without.
        case (38, 2), (48, 2): setColor(of: code, Self.rgb(values.count > 4 ? values[2...] : values[1...]))
        default: break
        }
    }

    private mutating func setColor(of code: Int, _ color: Color?) {
        guard let color else { return }
        switch code {
        case 38: foreground = color
        case 48: background = color
        // 58 is the underline's color; underlines are drawn in the color of their text.
        default: break
        }
    }

    /// The color in the parameters after 38, 48 or 58: `5;n` or `2;r;g;b`.
    private static func color(following rest: inout ArraySlice<[Int?]>) -> Color? {
        func next() -> Int? { rest.popFirst().map { $0.first.flatMap { $0 } ?? 0 } }
        switch next() {
        case 5: return next().flatMap(palette)
        case 2:
            let components = [next(), next(), next()].compactMap { $0 }
            return rgb(components[...])
        default: return nil
        }
    }

    private static func palette(_ number: Int) -> Color? {
        UInt8(exactly: number).map(Color.palette)
    }

    private static func rgb(_ components: ArraySlice<Int>) -> Color? {
        let components = components.prefix(3).compactMap(UInt8.init(exactly:))
        guard components.count == 3 else { return nil }
        return .rgb(components[0], components[1], components[2])
    }
}
