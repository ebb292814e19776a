extension ScheduleZone {
    /// Why a name is not accepted although the zone data has a file for it, as a sentence without its full stop.
    ///
    /// Only new schedules are checked. Schedules that were accepted before stay valid.
    static func refusal(of name: String) -> String? {
        switch name.lowercased() {
        case "localtime", "local":
            return "\(name.quoted) is the local zone of the machine that reads it; choose a zone such as `Europe/London` or `UTC`"
        case "posixrules", "factory", "leapseconds", "leap-seconds.list", "tzdata.zi", "zone.tab", "zone1970.tab", "iso3166.tab":
            return "\(name.quoted) is a file of the zone data, not a zone; accepted are IANA names such as `Europe/London` or `UTC`"
        default: break
        }
        for directory in ["posix/", "right/"] where name.lowercased().hasPrefix(directory) {
            let zone = String(name.dropFirst(directory.count))
            return "\(name.quoted) is a copy for programs that count leap seconds differently; write \(zone.quoted)"
        }
        return nil
    }

    /// The zone that was probably meant by an unknown name.
    /// - Parameter names: the names of all zones.
    static func suggestion(for name: String, among names: [String]) -> String? {
        let folded = name.foldedZone
        func known(_ zone: String) -> String? { names.contains(zone) ? zone : nil }
        return names.first { $0.foldedZone == folded } ?? abbreviations[folded].flatMap(known) ?? offset(name).flatMap(known)
            // A city by itself.
            ?? names.first { ($0.split(separator: "/").last).map { String($0).foldedZone } == folded }
            // With three letters, any other three are close.
            ?? (folded.count > 4 ? WorkflowModel.suggestion(for: name, among: names) : nil)
    }

    /// `UTC+2`, `GMT-05:00`, `+02:00`: the zone of that offset, whose name has the opposite sign.
    private static func offset(_ name: String) -> String? {
        var rest = name.uppercased()[...]
        if rest.hasPrefix("UTC") || rest.hasPrefix("GMT") { rest = rest.dropFirst(3) }
        guard let sign = rest.popFirst(), sign == "+" || sign == "-" else { return nil }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard let hours = parts.first.flatMap({ Int($0) }), (0...14).contains(hours), parts.dropFirst().allSatisfy({ $0 == "00" })
        else { return nil }
        return hours == 0 ? "UTC" : "Etc/GMT\(sign == "+" ? "-" : "+")\(hours)"
    }

    /// Common abbreviations. For ambiguous ones, the zone with the most inhabitants.
    private static let abbreviations = [
        "z": "UTC", "zulu": "UTC", "utc": "UTC", "ut": "UTC", "gmt": "UTC", "pst": "America/Los_Angeles",
        "pdt": "America/Los_Angeles", "pt": "America/Los_Angeles", "mst": "America/Denver", "mdt": "America/Denver",
        "mt": "America/Denver", "cst": "America/Chicago", "cdt": "America/Chicago", "ct": "America/Chicago",
        "est": "America/New_York", "edt": "America/New_York", "et": "America/New_York", "akst": "America/Anchorage",
        "akdt": "America/Anchorage", "hst": "Pacific/Honolulu", "ast": "America/Halifax", "adt": "America/Halifax",
        "nst": "America/St_Johns", "brt": "America/Sao_Paulo", "art": "America/Argentina/Buenos_Aires", "bst": "Europe/London",
        "wet": "Europe/Lisbon", "west": "Europe/Lisbon", "cet": "Europe/Berlin", "cest": "Europe/Berlin", "mez": "Europe/Berlin",
        "mesz": "Europe/Berlin", "eet": "Europe/Athens", "eest": "Europe/Athens", "msk": "Europe/Moscow", "trt": "Europe/Istanbul",
        "ist": "Asia/Kolkata", "pkt": "Asia/Karachi", "gst": "Asia/Dubai", "sgt": "Asia/Singapore", "hkt": "Asia/Hong_Kong",
        "jst": "Asia/Tokyo", "kst": "Asia/Seoul", "wib": "Asia/Jakarta", "awst": "Australia/Perth", "acst": "Australia/Adelaide",
        "acdt": "Australia/Adelaide", "aest": "Australia/Sydney", "aedt": "Australia/Sydney", "nzst": "Pacific/Auckland",
        "nzdt": "Pacific/Auckland", "sast": "Africa/Johannesburg", "cat": "Africa/Maputo", "eat": "Africa/Nairobi",
        "wat": "Africa/Lagos", "newyork": "America/New_York", "eastern": "America/New_York", "pacific": "America/Los_Angeles",
    ]
}

extension String {
    /// Ignores case, spaces, `-` and `_`.
    fileprivate var foldedZone: String {
        lowercased().filter { !" -_".contains($0) }
    }
}
