import Testing
import WorkflowModel

@Suite("Code versions")
struct CodeVersionTests {
    private static let sha1 = String(repeating: "0a", count: 20)
    private static let sha256 = String(repeating: "9f", count: 32)

    @Test(arguments: [sha1, sha256])
    func objectIDsAreAccepted(commit: String) {
        #expect(CodeVersion(commit: commit, isDirty: true)?.commit == commit)
    }

    @Test(arguments: [
        "", String(sha1.dropLast()), sha1 + "0", String(sha256.dropLast()), sha256 + "0", sha1.uppercased(), "(initial)",
        String(repeating: "g", count: 40), String(repeating: "é", count: 20),
    ])
    func otherTextsAreRefused(commit: String) {
        #expect(CodeVersion(commit: commit, isDirty: false) == nil)
    }

    @Test func wordsSayWhetherFilesDiffer() throws {
        let clean = try #require(CodeVersion(commit: Self.sha1, isDirty: false))
        let dirty = try #require(CodeVersion(commit: Self.sha1, isDirty: true))
        #expect(clean.words == "0a0a0a0a0a0a")
        #expect(dirty.words == "0a0a0a0a0a0a with uncommitted changes")
        #expect(
            CodeChange(from: clean, to: dirty)?.sentence
                == "The directory has changed since the run: 0a0a0a0a0a0a then, 0a0a0a0a0a0a with uncommitted changes now.")
        #expect(CodeChange(from: clean, to: clean) == nil)
        #expect(CodeChange(from: nil, to: clean) == nil)
        #expect(CodeChange(from: clean, to: nil) == nil)
    }

    /// A rerun with the launched version finds the directory as it is; one with the current version finds that version's directory.
    @Test func aRerunFindsTheCodeOfItsVersion() throws {
        let (old, new) = (CodeVersion(commit: Self.sha1, isDirty: false), CodeVersion(commit: Self.sha256, isDirty: false))
        var details = WorkflowRunDetails(
            run: WorkflowRun(
                id: RunID(rawValue: "wf-1"), tenant: try #require(Tenant("acme")), name: "Daily", type: "a.b", state: .failed,
                createdAt: Timestamp(milliseconds: 0), principal: Principal(id: "p", name: "P")))
        details.code = old
        #expect(details.codeChange(for: .launched, current: new) == nil)
        #expect(details.codeChange(for: .current, current: new) == CodeChange(from: old, to: new))
        details.currentCode = new
        #expect(details.codeChange(for: .launched, current: nil) == CodeChange(from: old, to: new))
    }

    @Test func aSourceIsTheSameByTextDirectoryAndCode() {
        let code = CodeVersion(commit: Self.sha1, isDirty: false)
        let source = ConfigurationSource(text: "a", format: .yaml, directory: "/srv", code: code)
        #expect(source.isSame(as: source))
        for change: (inout ConfigurationSource) -> Void in [
            { $0.text = "b" }, { $0.directory = nil }, { $0.code = nil }, { $0.code?.isDirty = true },
        ] {
            var other = source
            change(&other)
            #expect(!source.isSame(as: other))
        }
    }
}
