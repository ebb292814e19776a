public import WorkflowModel

/// A part of a page that is sent again after a change.
public struct LiveRegion: Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// HTML: the content of an element.
        case region
        /// The ids of an element's children, in order. Each child is a region.
        case list
    }

    public var kind: Kind
    /// The id of the element.
    public var id: String
    public var content: String

    init(id: String, html: String) {
        (kind, self.id, content) = (.region, id, html)
    }

    init(id: String, children: [String]) {
        (kind, self.id, content) = (.list, id, children.joined(separator: " "))
    }

    /// A hash of the content.
    public var version: UInt64 { FNV1a.hash(content.utf8) }
}

/// The live regions of a page at an instant.
public struct LiveLook: Sendable {
    public var regions: [LiveRegion]
    /// A hash of all regions, equal on every node. A client that reconnects sends it back.
    public var tag: String
    /// The version of each region, by id.
    public var versions: [ExactText: UInt64]
    /// Whether no further change is possible.
    public var isFinal: Bool

    init(regions: [LiveRegion], isFinal: Bool) {
        self.regions = regions
        self.isFinal = isFinal
        versions = Dictionary(regions.map { (ExactText($0.id), $0.version) }, uniquingKeysWith: { first, _ in first })
        var hash = FNV1a()
        for region in regions {
            hash.mix(region.id.utf8)
            hash.mix(String(versions[ExactText(region.id)] ?? 0, radix: 36).utf8)
        }
        tag = String(hash.value, radix: 36)
    }

    /// The live address of a page that shows this.
    func following(_ address: String) -> String {
        address + (address.contains("?") ? "&" : "?") + "seen=\(tag)"
    }
}

/// A hash that detects changes; it is not cryptographic.
struct FNV1a {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func mix(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }

    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash = FNV1a()
        hash.mix(bytes)
        return hash.value
    }
}
