import Foundation
import Testing
import WorkflowModel

@Suite("The examples that the repository ships")
struct ShippedExamplesTests {
    static let files = ["backfill.yaml", "daily.yaml", "ingest.yaml", "predictive.yaml"]
    static let shop = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../examples/shop").standardizedFileURL

    @Test func noneIsForgottenHere() throws {
        let shipped = try FileManager.default.contentsOfDirectory(atPath: Self.shop.path).filter { $0.hasSuffix(".yaml") }
        #expect(shipped.sorted() == Self.files)
    }

    @Test("every one is accepted, and the scripts that it names are there", arguments: files)
    func isAccepted(file: String) throws {
        let text = try String(contentsOf: Self.shop.appending(path: file), encoding: .utf8)
        let reader = ConfigurationReader(zones: SystemScheduleZones())
        let configuration = try reader.read(ConfigurationSource(text: text, format: .yaml), file: file)
        for task in configuration.tasks {
            guard case .command(let words) = task.action else { continue }
            #expect(words.first == "python3")
            let script = try #require(words.dropFirst().first)
            #expect(FileManager.default.fileExists(atPath: Self.shop.appending(path: script).path), "\(task.id) runs \(script)")
        }
    }

    @Test("the ported examples are accepted", arguments: ["databricks/submit-and-wait.yaml"])
    func portedOnesAreAccepted(path: String) throws {
        let text = try String(contentsOf: Self.shop.appending(path: "../\(path)").standardizedFileURL, encoding: .utf8)
        let configuration = try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: path)
        guard case .job(let job)? = configuration.tasks.first?.action else {
            Issue.record("no job")
            return
        }
        #expect(job.responseReferences.map(\.description) == ["response.body.run_id"] && job.poll.cancel != nil)
    }

    @Test func idsAreDifferent() throws {
        let ids = try Self.files.map { file in
            let text = try String(contentsOf: Self.shop.appending(path: file), encoding: .utf8)
            return try ConfigurationReader().read(ConfigurationSource(text: text, format: .yaml), file: file).id
        }
        #expect(Set(ids).count == ids.count)
    }
}
