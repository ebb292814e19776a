/// The media types that a header `Accept` names (RFC 9110, section 12.5.1).
struct AcceptedTypes {
    private struct Item {
        var type: Substring
        /// From 0 to 1,000.
        var weight: Int
    }

    private let items: [Item]

    /// - Parameter header: an item that is not of the form is ignored.
    init(_ header: String) {
        items = header.lowercased().split(separator: ",").compactMap { item in
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }[...] }
            guard let type = parts.first else { return nil }
            var weight = 1_000
            for parameter in parts.dropFirst() where parameter.hasPrefix("q=") {
                guard let value = Self.weight(parameter.dropFirst(2)) else { return nil }
                weight = value
            }
            return Item(type: type, weight: weight)
        }
    }

    /// How much the client wants a media type, from 0 (not at all) to 1,000. The item that names it most exactly decides.
    func weight(of type: String) -> Int {
        let group = type.prefix { $0 != "/" }
        for name in [type[...], "\(group)/*", "*/*"] {
            let weights = items.filter { $0.type == name }.map(\.weight)
            if let weight = weights.max() { return weight }
        }
        return 0
    }

    /// `1`, `0.5`, `0.125`: at most three digits behind the point.
    private static func weight(_ text: Substring) -> Int? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, whole == "0" || whole == "1" else { return nil }
        var fraction = 0
        if parts.count == 2 {
            guard parts[1].count <= 3, parts[1].utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
                return nil
            }
            fraction = Int(parts[1] + String(repeating: "0", count: 3 - parts[1].count)) ?? 0
        }
        let weight = (whole == "1" ? 1_000 : 0) + fraction
        return weight <= 1_000 ? weight : nil
    }
}
