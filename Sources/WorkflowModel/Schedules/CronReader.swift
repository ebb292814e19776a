/// Reads the text of a cron expression.
enum CronReader {
    /// What one field names.
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
        /// The value of the first name.
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
            throw CronProblem("a cron expression may have \(longest) characters, and this one has \(text.utf8.count)")
        }
        let words = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        if let nickname = words.first, nickname.hasPrefix("@") { return try fields(of: nickname, alone: words.count == 1) }
        guard words.count == kinds.count else {
            let hint = words.count == 6 ? "; there is none for seconds" : ""
            throw CronProblem(
                "\(text.quoted) has \(words.count) fields; a cron expression has five: minute, hour, day of the month, month and "
                    + "weekday, such as `30 6 * * mon-fri`\(hint)")
        }
        var read: [Field] = []
        for (word, kind) in zip(words, kinds) { read.append(try field(word, kind)) }
        // Sunday is 0 and 7.
        if read[4].bits & 1 << 7 != 0 { read[4].bits = read[4].bits & 0x7F | 1 }
        return Fields(minutes: read[0], hours: read[1], days: read[2], months: read[3], weekdays: read[4])
    }

    private static func fields(of nickname: String, alone isAlone: Bool) throws(CronProblem) -> Fields {
        let known = nicknames.map(\.0)
        if nickname.lowercased() == "@reboot" {
            throw CronProblem(
                "`@reboot` is not accepted, because a service of several machines has no one start; write one of "
                    + known.listed(before: "or") + ", or five fields")
        }
        guard isAlone, let meant = nicknames.first(where: { $0.0 == nickname.lowercased() }) else {
            throw CronProblem(
                isAlone
                    ? "there is no \(nickname.quoted); write one of \(known.listed(before: "or")), or five fields"
                    : "\(nickname.quoted) stands alone, without fields behind it")
        }
        return try read(meant.1)
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
            // Sunday once is enough, and steps begin at the first value.
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
            let names = kind.names.isEmpty ? "" : " or a name such as `\(kind.names[1])`"
            throw CronProblem(
                "the \(kind.name) \(word.quoted) is not one that cron knows; it has numbers from \(kind.range.lowerBound) to "
                    + "\(kind.range.upperBound)\(names), `*`, ranges such as `\(kind.range.lowerBound + 1)-5`, steps such as `*/2`, "
                    + "and commas between them")
        }
        return number
    }

    private static func whole(_ text: String) -> Int? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy(\.isDigit) else { return nil }
        return Int(text)
    }
}
