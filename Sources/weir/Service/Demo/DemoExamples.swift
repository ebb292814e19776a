import Foundation
import WorkflowModel

/// The sample workflows of `examples/shop`, copied to a directory that their runs may write.
struct DemoExamples: Sendable {
    /// The address in the files, which is replaced by the service's address.
    static let placeholder = "http://127.0.0.1:8080"

    var files: [ConfigurationFile]

    /// Copies the examples below a data directory and reads them. Blocks.
    /// - Parameters:
    ///   - source: the directory `examples`; nil to search for it.
    ///   - address: the address of the service.
    init(from source: String?, into dataDirectory: String, address: String) throws {
        let manager = FileManager.default
        let shop = URL(fileURLWithPath: try source ?? Self.found()).appendingPathComponent("shop")
        let copy = URL(fileURLWithPath: dataDirectory).appendingPathComponent("examples/shop")
        do {
            try? manager.removeItem(at: copy)
            try manager.createDirectory(at: copy, withIntermediateDirectories: true)
            // Output of manual runs is not part of the examples.
            for name in try manager.contentsOfDirectory(atPath: shop.path) where name != "out" && name != "__pycache__" {
                try manager.copyItem(at: shop.appendingPathComponent(name), to: copy.appendingPathComponent(name))
            }
            for name in try manager.contentsOfDirectory(atPath: copy.path) where name.hasSuffix(".yaml") {
                let file = copy.appendingPathComponent(name)
                let text = try String(contentsOf: file, encoding: .utf8)
                let real = text.replacingOccurrences(of: Self.placeholder, with: address)
                try real.write(to: file, atomically: true, encoding: .utf8)
            }
        } catch {
            throw CommandFailure(
                .noInput,
                "The sample workflows in \(shop.path) cannot be copied into the data directory: \(FileError.reason(error)).")
        }
        let paths = try manager.contentsOfDirectory(atPath: copy.path).filter { $0.hasSuffix(".yaml") }.sorted()
        files = try ConfigurationFile.read(paths.map { copy.appendingPathComponent($0).path })
    }

    /// The examples in the current directory, or in a directory above the program.
    private static func found() throws -> String {
        let manager = FileManager.default
        var candidates = [manager.currentDirectoryPath]
        if let program = Bundle.main.executableURL?.resolvingSymlinksInPath() {
            var directory = program.deletingLastPathComponent()
            while directory.path != "/" {
                candidates.append(directory.path)
                directory.deleteLastPathComponent()
            }
        }
        for candidate in candidates where manager.fileExists(atPath: candidate + "/examples/shop/daily.yaml") {
            return candidate + "/examples"
        }
        throw CommandFailure(
            .noInput, "The sample workflows were not found. Name the repository's directory examples with --examples.")
    }
}
