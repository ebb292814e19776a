#if canImport(Glibc)
    public import Glibc
#elseif canImport(Musl)
    public import Musl
#endif

/// A user of this machine that runs tasks.
public struct TaskUser: Hashable, Sendable {
    public var name: String
    public var id: uid_t
    public var group: gid_t
    /// All its groups, including the primary one.
    public var groups: [gid_t]
    public var home: String

    public init(name: String, id: uid_t, group: gid_t, groups: [gid_t], home: String) {
        self.name = name
        self.id = id
        self.group = group
        self.groups = groups
        self.home = home
    }

    /// Looks up a user by name or number. Blocks.
    /// - Returns: nil when no such user exists.
    public init?(_ name: String) {
        guard let entry = uid_t(name).map({ getpwuid($0) }) ?? getpwnam(name) else { return nil }
        self.name = String(cString: entry.pointee.pw_name)
        id = entry.pointee.pw_uid
        group = entry.pointee.pw_gid
        home = String(cString: entry.pointee.pw_dir)
        var count: CInt = 64
        var found = [gid_t](repeating: 0, count: Int(count))
        if getgrouplist(self.name, group, &found, &count) < 0 {
            found = [gid_t](repeating: 0, count: Int(count))
            guard getgrouplist(self.name, group, &found, &count) >= 0 else { return nil }
        }
        groups = Array(found.prefix(Int(count)))
    }

    /// The capabilities that a service needs to run tasks as another user, with their numbers (capabilities(7)): for changing user and
    /// group, handing over files, reading the user's files, and ending its processes.
    public static let capabilities: KeyValuePairs<String, Int> = [
        "CAP_SETUID": 7, "CAP_SETGID": 6, "CAP_CHOWN": 0, "CAP_DAC_OVERRIDE": 1, "CAP_KILL": 5,
    ]

    /// The ``capabilities`` that this process lacks.
    public static var missingCapabilities: [String] {
        let status = String(decoding: ProcessTable.contents(of: "/proc/self/status", limit: 1 << 16) ?? [], as: UTF8.self)
        let line = status.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let held = line.flatMap { UInt64($0.dropFirst("CapEff:".count).drop { $0 == "\t" || $0 == " " }, radix: 16) } ?? 0
        return capabilities.filter { held & (1 << UInt64($0.value)) == 0 }.map(\.key)
    }

    /// Whether the user may traverse a directory. Checks the permission bits only.
    public func mayEnter(_ directory: String) -> Bool {
        var status = stat()
        guard stat(directory, &status) == 0 else { return false }
        if status.st_uid == id { return status.st_mode & 0o100 != 0 }
        if groups.contains(status.st_gid) { return status.st_mode & 0o010 != 0 }
        return status.st_mode & 0o001 != 0
    }
}
