/// The stylesheet, the scripts and the icon. Their address changes with their content, so that browsers cache them for ever.
public struct Assets: Sendable {
    public struct File: Sendable {
        public var type: String
        public var bytes: [UInt8]
    }

    /// Their path, without a trailing slash. All files share it, so that relative imports between modules work.
    public let path: String
    public let version: String
    private let files: [String: File]

    init() {
        files = Dictionary(
            uniqueKeysWithValues: EmbeddedFiles.assets.map { name, bytes in (name, File(type: Self.type(of: name), bytes: bytes)) })
        var hash = FNV1a()
        for (name, file) in files.sorted(by: { $0.key < $1.key }) {
            hash.mix(name.utf8)
            hash.mix(file.bytes)
        }
        version = String(hash.value, radix: 36)
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
