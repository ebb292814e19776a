/// Finds the cgroup of a process in the file system (cgroups(7), proc(5)).
enum CgroupPlace {
    /// - Parameters:
    ///  - mounts: the text of `/proc/self/mountinfo`.
    ///  - membership: the text of `/proc/self/cgroup`.
    /// - Returns: the directory of the process's cgroup of version 2; nil when there is none or it is not mounted.
    static func directory(mounts: String, membership: String) -> String? {
        guard let line = membership.split(separator: "\n").first(where: { $0.hasPrefix("0::/") }) else { return nil }
        let path = String(line.dropFirst("0::".count))
        // Outside this namespace, or removed while the process is in it.
        guard !path.hasPrefix("/.."), !path.hasSuffix(" (deleted)") else { return nil }
        for mount in mounts.split(separator: "\n") {
            // The type follows a hyphen, after a variable number of fields.
            let fields = mount.split(separator: " ")
            guard fields.count > 5, let hyphen = fields.firstIndex(of: "-"), hyphen + 1 < fields.count,
                fields[hyphen + 1] == "cgroup2"
            else { continue }
            let root = unescaped(fields[3])
            let point = unescaped(fields[4])
            if root == "/" { return joined(point, path) }
            if path == root { return point }
            if path.hasPrefix(root + "/") { return joined(point, String(path.dropFirst(root.count))) }
        }
        return nil
    }

    private static func joined(_ point: String, _ path: String) -> String {
        path == "/" ? point : point + path
    }

    /// The kernel escapes spaces, tabs, newlines and backslashes, such as `\040`.
    private static func unescaped(_ field: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), let code = UInt8(String(decoding: rest.prefix(3), as: UTF8.self), radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
