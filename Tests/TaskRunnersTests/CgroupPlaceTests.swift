import Testing

@testable import TaskRunners

@Suite("Finding the cgroup of a process")
struct CgroupPlaceTests {
    private static let controllers = "33 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu"

    @Test(arguments: [
        (
            "32 23 0:28 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw", "0::/system.slice/weir.service",
            "/sys/fs/cgroup/system.slice/weir.service"
        ),
        (
            "41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw", "9:name=systemd:/\n1:cpu:/\n0::/",
            "/sys/fs/cgroup/unified"
        ),
        ("41 31 0:38 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw", "0::/docker/abc", "/sys/fs/cgroup"),
        ("41 31 0:38 /docker/abc /sys/fs/cgroup ro - cgroup2 cgroup rw", "0::/docker/abc/x", "/sys/fs/cgroup/x"),
        ("41 31 0:38 / /mnt/my\\040groups rw master:1 propagate_from:2 - cgroup2 cgroup2 rw", "0::/a", "/mnt/my groups/a"),
    ])
    func isFound(mount: String, membership: String, directory: String) {
        let mounts = Self.controllers + "\n" + mount + "\n"
        #expect(CgroupPlace.directory(mounts: mounts, membership: membership + "\n") == directory)
    }

    @Test(arguments: [
        ("", "0::/"), (controllers, "0::/"), ("41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "1:cpu:/"),
        ("41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "0::/../other"),
        ("41 31 0:38 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "0::/gone (deleted)"),
        ("41 31 0:38 /docker/abc /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "0::/docker/abcd"), ("41 31 cgroup2", "0::/"),
    ])
    func isNotFoundWhereThereIsNoneOrItIsOutOfReach(mounts: String, membership: String) {
        #expect(CgroupPlace.directory(mounts: mounts, membership: membership) == nil)
    }
}
