/// The state of the source code in a directory: a commit of its repository, and whether the files differ from it.
public struct CodeVersion: Hashable, Sendable {
    /// The object id of the commit: 40 hexadecimal digits (SHA-1) or 64 (SHA-256), in lower case.
    @Exact public var commit: String
    /// Whether the directory had changes that were not committed, including new files.
    public var isDirty: Bool

    /// The accepted form of a commit, for messages.
    public static let acceptedCommits = "40 or 64 hexadecimal digits in lower case"
    /// Digits of a commit that identify it for a person.
    static let shortDigits = 12

    /// - Returns: nil when the commit is not an object id.
    public init?(commit: String, isDirty: Bool) {
        let digits = commit.utf8
        guard digits.count == 40 || digits.count == 64, digits.allSatisfy(Self.isDigit) else { return nil }
        self.commit = commit
        self.isDirty = isDirty
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }

    /// The beginning of the commit, and whether there were other changes.
    public var words: String {
        let short = String(commit.prefix(Self.shortDigits))
        return isDirty ? "\(short) with uncommitted changes" : short
    }
}

/// A difference between the code of a run and the code that a rerun of it finds.
public struct CodeChange: Hashable, Sendable {
    public var old: CodeVersion
    public var new: CodeVersion

    /// - Returns: nil when one of them is not known, or both are the same.
    public init?(from old: CodeVersion?, to new: CodeVersion?) {
        guard let old, let new, old != new else { return nil }
        self.old = old
        self.new = new
    }

    public var sentence: String { "The directory has changed since the run: \(old.words) then, \(new.words) now." }
}

extension WorkflowRunDetails {
    /// The change of the directory since the version that the run was launched with was applied.
    ///
    /// It also affects a rerun with the launched version, because commands run in the directory as it is.
    public var codeChange: CodeChange? { CodeChange(from: code, to: currentCode) }

    /// The change of the code that a rerun finds.
    /// - Parameter current: the code of the current version, in whichever directory.
    public func codeChange(for version: RerunVersion, current: CodeVersion?) -> CodeChange? {
        switch version {
        case .launched: codeChange
        case .current: CodeChange(from: code, to: current)
        }
    }
}
