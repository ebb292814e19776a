/// Reads the forms of ``TypedTime`` that are words.
struct TypedTimeReader {
    /// Bytes of a text.
    static let longestText = 64
    static let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
    static let months = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]

    let now: Timestamp
    let zone: ScheduleZone

    /// Case does not matter; space, `-`, `_` and `,` are the same between words.
    func time(_ text: String) -> TypedTime? {
        let isBack = text.utf8.first == UInt8(ascii: "-")
        var words = text.utf8.split { " \t-_,".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self).lowercased() }
        guard let first = words.first else { return nil }
        if isBack { return ago(words) }
        if first == "now", words.count == 1 { return TypedTime(start: now) }
        if words.last == "ago" { return ago(words.dropLast()) }
        if let time = day(words) ?? calendar(words) { return time }
        if first == "last" || first == "past" { words.removeFirst() }
        return ago(words)
    }

    /// The number of a weekday from 0, or of a month from 1, by its name or the beginning of it that has three letters or more.
    /// The words of times, for suggestions.
    static let names = ["now", "today", "yesterday", "tomorrow"] + weekdays + months

    static func month(_ word: String) -> Int? { place(of: word, in: months).map { $0 + 1 } }
    private static func weekday(_ word: String) -> Int? { place(of: word, in: weekdays) }

    private static func place(of word: String, in names: [String]) -> Int? {
        word.utf8.count < 3 ? nil : names.firstIndex { $0.hasPrefix(word) }
    }
}

// MARK: Days, weeks, months and years

extension TypedTimeReader {
    private var today: Int { zone.day(of: now) }

    private func span(_ from: Int, _ to: Int, isRelative: Bool = true) -> TypedTime {
        TypedTime(start: zone.start(ofDay: from), end: zone.start(ofDay: to), isRelative: isRelative)
    }

    /// `today`, `monday`, `last monday`; also with a time of day, which makes it an instant.
    private func day(_ words: [String]) -> TypedTime? {
        var words = words
        let minutes = words.count > 1 ? words.last.flatMap(Self.minutes) : nil
        if minutes != nil { words.removeLast() }
        guard let day = dayNumber(words) else { return nil }
        guard let minutes else { return span(day, day + 1) }
        return TypedTime(start: zone.instant(ofWall: day * 86_400 + minutes * 60))
    }

    private func dayNumber(_ words: [String]) -> Int? {
        switch (words.count, words[0]) {
        case (1, "today"): return today
        case (1, "yesterday"): return today - 1
        case (1, "tomorrow"): return today + 1
        case (1, let name):
            // The latest one, today included.
            return Self.weekday(name).map { today - (today.weekday - $0).split(by: 7).rest }
        case (2, "last"):
            return Self.weekday(words[1]).map { today - 1 - ((today - 1).weekday - $0).split(by: 7).rest }
        default: return nil
        }
    }

    /// `14:30`, in minutes since midnight.
    private static func minutes(_ word: String) -> Int? {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...2).contains(parts[0].count), parts[1].count == 2,
            let hour = whole(parts[0]), let minute = whole(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// `last week`, `this month`, `dec`, `dec 2025`, `3 dec`, `dec 3 2025`.
    private func calendar(_ words: [String]) -> TypedTime? {
        let date = CalendarDate(daysSince1970: today)
        let monday = today - today.weekday
        let month = CalendarDate(year: date.year, month: date.month, day: 1)
        func year(_ year: Int) -> Int { CalendarDate(year: year, month: 1, day: 1).daysSince1970 }
        switch words {
        case ["this", "week"]: return span(monday, monday + 7)
        case ["last", "week"]: return span(monday - 7, monday)
        case ["this", "month"]: return span(month.daysSince1970, month.nextMonth.daysSince1970)
        case ["last", "month"]: return span(month.previousMonth.daysSince1970, month.daysSince1970)
        case ["this", "year"]: return span(year(date.year), year(date.year + 1))
        case ["last", "year"]: return span(year(date.year - 1), year(date.year))
        default: return named(words, today: date)
        }
    }

    private func named(_ words: [String], today date: CalendarDate) -> TypedTime? {
        var rest = words
        guard (1...3).contains(rest.count), let place = rest.prefix(2).firstIndex(where: { Self.month($0) != nil }),
            let month = Self.month(rest.remove(at: place))
        else { return nil }
        let year = rest.last.flatMap { $0.utf8.count == 4 ? Self.whole($0) : nil }
        if year != nil { rest.removeLast() }
        guard rest.count <= 1 else { return nil }
        guard let word = rest.first else {
            let first = CalendarDate(year: year ?? (month <= date.month ? date.year : date.year - 1), month: month, day: 1)
            return span(first.daysSince1970, first.nextMonth.daysSince1970, isRelative: year == nil)
        }
        guard word.utf8.count <= 2, let number = Self.whole(word) else { return nil }
        return dayOfMonth(number, month, year, latest: date)
    }

    /// Without a year, the latest such day up to today. The 29th of February is at most eight years ago.
    private func dayOfMonth(_ number: Int, _ month: Int, _ year: Int?, latest: CalendarDate) -> TypedTime? {
        let years = year.map { $0...$0 } ?? (latest.year - 8)...latest.year
        let dates = years.reversed().lazy.map { CalendarDate(year: $0, month: month, day: number) }
        let limit = year == nil ? latest.daysSince1970 : .max
        guard let day = dates.first(where: { $0.isValid && $0.daysSince1970 <= limit })?.daysSince1970 else { return nil }
        return span(day, day + 1, isRelative: year == nil)
    }

    private static func whole(_ digits: some StringProtocol) -> Int? {
        digits.utf8.allSatisfy(\.isDigit) ? Int(digits) : nil
    }
}

// MARK: That long ago

extension TypedTimeReader {
    private static let units: [(names: [String], milliseconds: Int64)] = [
        (["w", "week", "weeks"], 604_800_000),
        (["d", "day", "days"], 86_400_000),
        (["h", "hr", "hrs", "hour", "hours"], 3_600_000),
        (["m", "min", "mins", "minute", "minutes"], 60_000),
        (["s", "sec", "secs", "second", "seconds"], 1_000),
    ]

    /// `1d`, `2 hours 30 min`: the largest unit first, each once.
    private func ago(_ words: some Sequence<String>) -> TypedTime? {
        var rest = Array(words.joined().utf8)[...]
        guard !rest.isEmpty else { return nil }
        var total: Int64 = 0
        var next = 0
        while !rest.isEmpty {
            let digits = rest.prefix(while: \.isDigit)
            let letters = rest.dropFirst(digits.count).prefix { !$0.isDigit }
            rest = rest.dropFirst(digits.count + letters.count)
            let name = String(decoding: letters, as: UTF8.self)
            guard (1...9).contains(digits.count), let amount = Int64(String(decoding: digits, as: UTF8.self)),
                let place = Self.units[next...].firstIndex(where: { $0.names.contains(name) })
            else { return nil }
            next = place + 1
            total += amount * Self.units[place].milliseconds
        }
        return TypedTime(start: Timestamp(milliseconds: now.milliseconds - total))
    }
}

extension Int {
    /// Of a day since 1970-01-01, which was a Thursday; 0 for Monday.
    fileprivate var weekday: Int { (self + 3).split(by: 7).rest }
}
