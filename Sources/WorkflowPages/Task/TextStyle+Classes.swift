import WorkflowModel

extension TextStyle {
    /// The CSS classes of the style. Each colour becomes the closest of the 16 in the stylesheet: the content security policy
    /// forbids inline styles, and these 16 are readable on the page's background.
    var classes: String {
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
