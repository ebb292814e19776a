import Foundation
import TaskRunners
import WorkflowModel

/// Asks `git` for the code version of a directory.
struct GitDirectory {
    /// How long `git` may take: in a large repository it reads the state of every file.
    static let patience = Duration.seconds(10)
    /// Bytes of the answer that are read. The commit is in its first lines.
    static let mostBytes = 65_536

    enum Answer: Hashable {
        case code(CodeVersion)
        /// There is no program `git`, no repository, or no commit in it.
        case none
        /// `git` did not answer in time.
        case late
    }

    var environment = ProcessInfo.processInfo.environment
    var patience = Self.patience
    var time: any TimeSource = SystemTime()

    /// Blocks, at most for ``patience``.
    func answer(for directory: String) -> Answer {
        guard let path else { return .none }
        // No file system monitor: it is a program that the repository's own configuration names.
        var words = ["-c", "core.fsmonitor=false", "--no-optional-locks"]
        words += ["status", "--porcelain=v2", "--branch", "--untracked-files=normal", "--", "."]
        let git = ShortProgram(path: path, arguments: words, directory: directory, environment: cleanEnvironment)
        switch git.answer(upTo: Self.mostBytes, within: patience, time: time) {
        case .late: return .late
        case .notStarted: return .none
        case .output(let bytes): return Self.code(in: String(decoding: bytes, as: UTF8.self)).map(Answer.code) ?? .none
        }
    }

    /// - Parameter text: the answer of `git status --porcelain=v2 --branch`, with its messages.
    /// - Returns: nil outside a repository, and in one without a commit.
    static func code(in text: String) -> CodeVersion? {
        let lines = text.split(separator: "\n")
        let mark = "# branch.oid "
        guard let line = lines.first(where: { $0.hasPrefix(mark) }) else { return nil }
        let isDirty = lines.contains { line in Self.changes.contains { line.hasPrefix($0) } }
        return CodeVersion(commit: String(line.dropFirst(mark.count)), isDirty: isDirty)
    }

    /// The beginnings of lines about changed, renamed, unmerged and new files.
    private static let changes = ["1 ", "2 ", "u ", "? "]

    private var path: String? {
        (environment["PATH"] ?? "").split(separator: ":").map { $0 + "/git" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// A hook of a repository sets variables such as `GIT_DIR`, which would take the place of the directory's own repository.
    private var cleanEnvironment: [String: String] {
        var clean = environment.filter { name, _ in !Self.repositoryVariables.contains(name) }
        clean["LC_ALL"] = "C"
        return clean
    }

    private static let repositoryVariables: Set<String> = [
        "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE",
    ]
}

extension ConfigurationFile {
    /// Adds the code versions of the files' directories. Blocks.
    /// - Parameter note: receives a message when `git` does not answer in time.
    static func withCode(
        _ files: [ConfigurationFile], git: GitDirectory = GitDirectory(), note: (String) -> Void
    ) -> [ConfigurationFile] {
        var answers: [ExactText: GitDirectory.Answer] = [:]
        return files.map { file in
            guard let directory = file.source.directory else { return file }
            let key = ExactText(directory)
            if answers[key] == nil {
                let answer = git.answer(for: directory)
                answers[key] = answer
                if answer == .late {
                    note(
                        "weir: git did not answer within \(HumanText.duration(git.patience)) in \(HumanText.printable(directory)). "
                            + "The commit is not recorded.")
                }
            }
            guard case .code(let code)? = answers[key] else { return file }
            var file = file
            file.source.code = code
            return file
        }
    }
}
