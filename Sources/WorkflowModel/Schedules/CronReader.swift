/// Parses the text of a cron expression.
enum CronReader {
    /// The values that one field selects.
    struct Field {
        var bits: UInt64 = 0
        var isWildcard = false
    }

    struct Fields {
        var minutes: Field
        var hours: Field
        var days: Field
        var months: Field
        var weekdays: Field
    }

    /// Characters of an expression.
    static let longest = 256

    private struct Kind {
        var name: String
        var range: ClosedRange<Int>
        var names: [String] = []
        /// The value of the first name in ``names``.
        var firstName = 0
    }

    private static let kinds = [
        Kind(name: "minute", range: 0...59),
        Kind(name: "hour", range: 0...23),
        Kind(name: "day of the month", range: 1...31),
        Kind(
            name: "month", range: 1...12,
            names: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstName: 1),
        Kind(name: "weekday", range: 0...7, names: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    private static let nicknames = [
        ("@hourly", "0 * * * *"), ("@daily", "0 0 * * *"), ("@midnight", "0 0 * * *"), ("@weekly", "0 0 * * 0"),
        ("@monthly", "0 0 1 * *"), ("@yearly", "0 0 1 1 *"), ("@annually", "0 0 1 1 *"),
    ]

    static func read(_ text: String) throws(CronProblem) -> Fields {
        guard text.utf8.count <= longest else {
            throw CronProblem("a cron expression may have at most \(longest) characters; this one has \(text.utf8.count)")
        }
        let lines = text.split(whereSeparator: \.isNewline).filter { $0.contains { !$0.isWhitespace } }
        guard lines.count <= 1 else {
            throw CronProblem(
                "the expression has \(lines.count) lines; write one expression per schedule, and several schedules under `schedules`"
            )
        }
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" || $0.isNewline }).map(String.init)
        if let word = words.first, let zone = zone(in: word) {
            let rest = words.dropFirst().joined(separator: " ")
            throw CronProblem(
                "\(word.quoted) is not part of the expression; write `cron: \"\(rest.isEmpty ? "30 6 * * *" : rest)\"` and "
                    + "`timezone: \(zone)`")
        }
        if let nickname = words.first, nickname.hasPrefix("@") {
            return try fields(of: nickname, following: words.dropFirst().joined(separator: " "))
        }
        guard words.count == kinds.count else { throw wrongCount(words, of: text) }
        var read: [Field] = []
        for (word, kind) in zip(words, kinds) { read.append(try field(word, kind)) }
        // Sunday is both 0 and 7.
        if read[4].bits & 1 << 7 != 0 { read[4].bits = read[4].bits & 0x7F | 1 }
        return Fields(minutes: read[0], hours: read[1], days: read[2], months: read[3], weekdays: read[4])
    }

    /// The zone in front of an expression from a crontab or another program: `TZ=Europe/Berlin`, `CRON_TZ=…`.
    private static func zone(in word: String) -> String? {
        let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2, ["tz", "cron_tz"].contains(parts[0].lowercased()) else { return nil }
        return parts[1]
    }

    private static func fields(of nickname: String, following rest: String) throws(CronProblem) -> Fields {
        let known = nicknames.map(\.0)
        switch nickname.lowercased() {
        case "@reboot":
            throw CronProblem(
                "`@reboot` is not accepted, because a service can run on several machines; write one of "
                    + known.listed(before: "or") + ", or five fields")
        case "@every":
            throw CronProblem("\("@every \(rest)".quoted) is not accepted: \(CronInterval.advice(rest))")
        default: break
        }
        guard let meant = nicknames.first(where: { $0.0 == nickname.lowercased() }) else {
            throw CronProblem("\(nickname.quoted) is unknown; write one of \(known.listed(before: "or")), or five fields")
        }
        guard rest.isEmpty else { throw CronProblem("\(nickname.quoted) must stand alone, without fields") }
        return try read(meant.1)
    }

    /// The problem of an expression with more or fewer than five fields.
    private static func wrongCount(_ words: [String], of text: String) -> CronProblem {
        let five = "a cron expression has five: minute, hour, day of the month, month and weekday, such as `30 6 * * mon-fri`"
        let shown = words.joined(separator: " ").quoted
        switch words.count {
        case 1:
            let nickname = nicknames.map(\.0).first { $0.dropFirst() == words[0].lowercased() }
            return CronProblem("\(shown) has one field; \(nickname.map { "write \($0.quoted), or " } ?? "")\(five)")
        case 6...7:
            // Other programs have seconds in front, a year at the end, or both.
            func isRead(_ words: ArraySlice<String>) -> Bool {
                (try? read(words.map { $0 == "?" ? "*" : $0 }.joined(separator: " "))) != nil
            }
            let parts = words.count == 7 ? [words[1..<6]] : [words[1..<6], words[0..<5]]
            let meant = parts.first(where: isRead)
            let hint = meant.map { ", so perhaps " + $0.map { $0 == "?" ? "*" : $0 }.joined(separator: " ").quoted } ?? ""
            return CronProblem("\(shown) has \(words.count) fields; \(five); seconds and years are not supported\(hint)")
        default: return CronProblem("\(shown) has \(words.count) fields; \(five)")
        }
    }

    private static func field(_ word: String, _ kind: Kind) throws(CronProblem) -> Field {
        var field = Field()
        for part in word.split(separator: ",", omittingEmptySubsequences: false) {
            try add(String(part), of: word, kind, to: &field)
        }
        return field
    }

    /// `*`, `*/n`, `a`, `a-b` or `a-b/n`.
    private static func add(_ part: String, of word: String, _ kind: Kind, to field: inout Field) throws(CronProblem) {
        let halves = part.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let span = halves[0]
        var step = 1
        if halves.count == 2 {
            guard let number = whole(halves[1]), (1...kind.range.upperBound).contains(number) else {
                throw CronProblem(
                    "the step of the \(kind.name) in \(part.quoted) must be a whole number from 1 to \(kind.range.upperBound)")
            }
            step = number
        }
        let ends: ClosedRange<Int>
        if span == "*" {
            field.isWildcard = true
            // Sunday counts once, and steps begin at the first value.
            ends = kind.range.lowerBound...min(kind.range.upperBound, kind.range.upperBound == 7 ? 6 : kind.range.upperBound)
        } else {
            let bounds = span.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let first = try value(bounds[0], of: word, kind)
            var last = first
            if bounds.count == 2 {
                last = try value(bounds[1], of: word, kind)
                // `fri-sun` ends on the other Sunday.
                if kind.range.upperBound == 7, last == 0, first > 0 { last = 7 }
            } else if halves.count == 2 {
                throw CronProblem(
                    "\(part.quoted) has a step without a range; for the \(kind.name) write `\(span)-\(kind.range.upperBound)/\(step)` "
                        + "or `*/\(step)`")
            }
            guard first <= last else {
                throw CronProblem(
                    "the range \(span.quoted) of the \(kind.name) runs backwards; write "
                        + "`\(bounds[0])-\(kind.range.upperBound),\(kind.range.lowerBound)-\(bounds[1])`")
            }
            ends = first...last
        }
        for number in stride(from: ends.lowerBound, through: ends.upperBound, by: step) { field.bits |= 1 << UInt64(number) }
    }

    private static func value(_ text: String, of word: String, _ kind: Kind) throws(CronProblem) -> Int {
        if let place = kind.names.firstIndex(of: text.lowercased()) { return place + kind.firstName }
        guard let number = whole(text), kind.range.contains(number) else {
            if text == "?" { throw CronProblem("the \(kind.name) `?` is not accepted; write `*`") }
            if isOfAnotherProgram(text) {
                throw CronProblem(
                    "the \(kind.name) \(word.quoted) is not accepted: `L`, `W`, `#` and `H` are extensions of other programs. "
                        + "Write numbers, names, ranges and steps")
            }
            let names = kind.names.isEmpty ? "" : " or a name such as `\(kind.names[1])`"
            throw CronProblem(
                "the \(kind.name) \(word.quoted) is invalid; accepted are numbers from \(kind.range.lowerBound) to "
                    + "\(kind.range.upperBound)\(names), `*`, ranges such as `\(kind.range.lowerBound + 1)-5`, steps such as `*/2`, "
                    + "and commas between them")
        }
        return number
    }

    /// `L`, `LW`, `15W`, `5L`, `fri#2`, `H`.
    private static func isOfAnotherProgram(_ text: String) -> Bool {
        let rest = text.uppercased().drop { $0.isNumber }
        return ["L", "W", "LW", "H"].contains(rest) || text.contains("#") || text.uppercased().hasPrefix("H(")
    }

    private static func whole(_ text: String) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int(text)
    }
}
