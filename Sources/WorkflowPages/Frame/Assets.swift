/// The stylesheet, the scripts and the icon, at an address that changes with their content: so they can be kept for ever.
public struct Assets: Sendable {
    public struct File: Sendable {
        public var type: String
        public var bytes: [UInt8]
    }

    /// Where they are, without a slash at the end. All of them change together, so that modules find each other beside themselves.
    public let path: String
    public let version: String
    private let files: [String: File]

    init() {
        files = Dictionary(
            uniqueKeysWithValues: EmbeddedFiles.assets.map { name, bytes in (name, File(type: Self.type(of: name), bytes: bytes)) })
        // FNV-1a over names and contents: it has to tell versions apart, not to withstand anybody.
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func mix(_ bytes: some Sequence<UInt8>) {
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            mix(name.utf8)
            mix(file.bytes)
        }
        version = String(hash, radix: 36)
        path = "\(PageAddress.assets)/\(version)"
    }

    public func file(named name: String) -> File? { files[name] }

    private static func type(of name: String) -> String {
        switch name.split(separator: ".").last {
        case "css": "text/css; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        default: "image/svg+xml"
        }
    }
}
