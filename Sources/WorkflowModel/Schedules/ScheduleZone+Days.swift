/// Days of a zone's wall clock, counted from 1970-01-01.
extension ScheduleZone {
    /// The day that contains an instant.
    func day(of instant: Timestamp) -> Int {
        (Int(instant.milliseconds).split(by: 1_000).quotient + offset(at: instant)).split(by: 86_400).quotient
    }

    func start(ofDay day: Int) -> Timestamp {
        instant(ofWall: day * 86_400)
    }

    /// The first instant at which the wall clock shows a second since 1970-01-01, or a later one where clocks skip it.
    func instant(ofWall second: Int) -> Timestamp {
        // No clock differs from UTC by more than a day, and spans around the instant are few.
        var place = place(of: second - 86_400)
        while second - spans[place].offset >= end(of: place), place + 1 < spans.count { place += 1 }
        return Timestamp(second: max(second - spans[place].offset, place == 0 ? .min : spans[place].start))
    }
}
