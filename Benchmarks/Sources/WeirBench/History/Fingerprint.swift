import Foundation

/// Distinguishes histories loaded by stores with different layouts.
enum Fingerprint {
    /// A hash of the store's migrations and of the shapes of histories.
    static func ofStore(in repository: String) throws -> String {
        let folder = "\(repository)/Sources/SQLiteStore/Schema"
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func take(_ bytes: some Sequence<UInt8>) {
            // FNV-1a.
            for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: folder).sorted() {
            take(name.utf8)
            take(FileManager.default.contents(atPath: "\(folder)/\(name)") ?? Data())
        }
        return "v\(HistoryShape.version)-\(String(hash, radix: 36))"
    }
}
