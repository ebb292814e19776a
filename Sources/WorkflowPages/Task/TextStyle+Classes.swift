import WorkflowModel

extension TextStyle {
    /// The attributes of an element with the style, with a space before each; empty for the plain style.
    ///
    /// The content security policy forbids inline styles. So each colour is the closest of the 16 in the stylesheet, and a script
    /// sets the exact one of 256 or of true colour.
    var attributes: String {
        guard !isPlain else { return "" }
        let (front, back) = isInverse ? (background, foreground) : (foreground, background)
        let colors = [("fg", front?.exact), ("bg", back?.exact)].compactMap { name, color in
            color.map { " data-\(name)=\"\($0)\"" }
        }
        return " class=\"\(classes)\"" + colors.joined()
    }

    private var classes: String {
        var classes: [String] = []
        if isBold { classes.append("a1") }
        if isDim { classes.append("a2") }
        if isItalic { classes.append("a3") }
        if underline != nil { classes.append("a4") }
        if let underline, underline != .single { classes.append("u\(underline.rawValue)") }
        if isStruck { classes.append("a9") }
        let (front, back) = isInverse ? (background, foreground) : (foreground, background)
        if isInverse, front == nil || back == nil { classes.append("a7") }
        if let front { classes.append("a\(Self.number(front, from: 30))") }
        if let back { classes.append("a\(Self.number(back, from: 40))") }
        return classes.joined(separator: " ")
    }

    private static func number(_ color: Color, from first: Int) -> Int {
        let basic = color.closestBasic
        return basic < 8 ? first + basic : first + 52 + basic
    }
}
