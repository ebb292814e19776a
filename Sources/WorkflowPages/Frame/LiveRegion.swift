/// A piece of a page that is sent again when it has changed.
public struct LiveRegion: Hashable, Sendable {
    /// Of the element whose content it is.
    public var id: String
    public var html: String
}

/// What a page shows at an instant, for whoever follows it.
public struct LiveLook: Sendable {
    public var regions: [LiveRegion]
    /// Stands for what is shown: the same for the same, on every node, so that a client that comes back says where it stood.
    public var tag: String
    /// Whether nothing can change any more.
    public var isFinal: Bool

    init(regions: [LiveRegion], isFinal: Bool) {
        self.regions = regions
        self.isFinal = isFinal
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for region in regions {
            for byte in region.html.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        tag = String(hash, radix: 36)
    }
}
