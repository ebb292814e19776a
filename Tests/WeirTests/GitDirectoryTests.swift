import Foundation
import ProgramTestKit
import Testing
import WorkflowModel

@testable import weir

@Suite("The code version of a directory")
struct GitDirectoryTests {
    private let directory: TemporaryDirectory
    private let repository: TestRepository

    init() throws {
        directory = try TemporaryDirectory()
        repository = try TestRepository(in: directory.path)
    }

    private func answer(_ path: String = "") -> GitDirectory.Answer {
        GitDirectory(environment: repository.environment).answer(for: directory.path + path)
    }

    @Test func aCommitIsFoundAndChangesMakeItDirty() throws {
        #expect(answer() == .none)
        try repository.git("init", "--quiet")
        #expect(answer() == .none)
        try directory.write("one", to: "a.py")
        let commit = try repository.commit()
        #expect(answer() == .code(try #require(CodeVersion(commit: commit, isDirty: false))))
        try directory.write("two", to: "a.py")
        #expect(answer() == .code(try #require(CodeVersion(commit: commit, isDirty: true))))
        let next = try repository.commit()
        #expect(next != commit)
        #expect(answer() == .code(try #require(CodeVersion(commit: next, isDirty: false))))
        try directory.write("new", to: "b.py")
        #expect(answer() == .code(try #require(CodeVersion(commit: next, isDirty: true))))
        try directory.write("b.py\n", to: ".git/info/exclude")
        #expect(answer() == .code(try #require(CodeVersion(commit: next, isDirty: false))))
    }

    @Test func onlyChangesInTheDirectoryCount() throws {
        try repository.git("init", "--quiet")
        try FileManager.default.createDirectory(atPath: directory.path + "/daily", withIntermediateDirectories: false)
        try directory.write("one", to: "daily/a.py")
        try directory.write("one", to: "other.py")
        let commit = try repository.commit()
        try directory.write("two", to: "other.py")
        #expect(answer("/daily") == .code(try #require(CodeVersion(commit: commit, isDirty: false))))
        #expect(answer() == .code(try #require(CodeVersion(commit: commit, isDirty: true))))
    }

    /// As in a hook of another repository.
    @Test func variablesOfAnotherRepositoryAreIgnored() throws {
        try repository.git("init", "--quiet")
        try directory.write("one", to: "a.py")
        let commit = try repository.commit()
        var git = GitDirectory(environment: repository.environment)
        git.environment["GIT_DIR"] = "/nonexistent"
        git.environment["GIT_WORK_TREE"] = "/nonexistent"
        #expect(git.answer(for: directory.path) == .code(try #require(CodeVersion(commit: commit, isDirty: false))))
    }

    @Test func withoutGitThereIsNoCode() throws {
        try repository.git("init", "--quiet")
        try directory.write("one", to: "a.py")
        try repository.commit()
        for path in [nil, "", directory.path] as [String?] {
            var environment = repository.environment
            environment["PATH"] = path
            #expect(GitDirectory(environment: environment).answer(for: directory.path) == .none)
        }
        #expect(answer("/missing") == .none)
    }

    @Test func aProgramThatDoesNotAnswerIsKilled() throws {
        let path = try directory.write("#!/bin/sh\necho $$ > \(directory.path)/pid\nexec /bin/sleep 600\n", to: "git")
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
        var git = GitDirectory(environment: ["PATH": directory.path])
        git.patience = .milliseconds(1_500)
        let source = ConfigurationSource(text: "", format: .yaml, directory: directory.path)
        let configuration = WorkflowConfiguration(id: "cg", name: "A", type: "a.b", stages: [])
        let file = ConfigurationFile(id: "cg", name: "a.yaml", source: source, configuration: configuration)
        var notes: [String] = []
        let files = ConfigurationFile.withCode([file, file], git: git) { notes.append($0) }
        #expect(files.map(\.source.code) == [nil, nil])
        #expect(notes.count == 1 && notes[0].contains("git did not answer within 1.5s"), "\(notes)")
        let pid = try #require(Int32(directory.text(of: "pid").trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(pid, 0) != 0)
    }

    @Test(
        arguments: [
            ("# branch.oid (initial)\n# branch.head main\n", nil), ("fatal: not a git repository\n", nil), ("", nil),
            ("warning: slow\n# branch.oid \(Self.id)\n# branch.head main\n", false),
            ("# branch.oid \(Self.id)\n1 .M N... 100644 100644 100644 a b a.py\n", true),
            ("# branch.oid \(Self.id)\n2 R. N... 100644 100644 100644 a b R100 b.py\ta.py\n", true),
            ("# branch.oid \(Self.id)\nu UU N... 100644 100644 100644 100644 a b c a.py\n", true),
            ("# branch.oid \(Self.id)\n? new.py\n", true),
        ] as [(String, Bool?)])
    func answersAreRead(text: String, isDirty: Bool?) {
        #expect(GitDirectory.code(in: text) == isDirty.flatMap { CodeVersion(commit: Self.id, isDirty: $0) })
    }

    private static let id = String(repeating: "0a", count: 20)
}

/// A git repository of a test, independent of the settings of this machine.
struct TestRepository {
    let directory: String
    let environment: [String: String]

    init(in directory: String) throws {
        self.directory = directory
        environment = Program.environment([
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "A",
            "GIT_AUTHOR_EMAIL": "a@example.com",
            "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.com", "GIT_CEILING_DIRECTORIES": "/tmp",
        ])
    }

    func git(_ arguments: String...) throws {
        var program = SpawnedProgram("/usr/bin/env", ["git", "-C", directory] + arguments, environment: environment)
        program.output = directory + "/.git-output"
        #expect(try program.run() == 0, "git \(arguments)")
    }

    /// Commits all files.
    /// - Returns: the id of the commit.
    @discardableResult
    func commit() throws -> String {
        try git("add", "--all", ":!.git-output")
        try git("commit", "--quiet", "--message", "change")
        try? FileManager.default.removeItem(atPath: directory + "/.git-output")
        try git("rev-parse", "HEAD")
        defer { try? FileManager.default.removeItem(atPath: directory + "/.git-output") }
        return try String(contentsOfFile: directory + "/.git-output", encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
