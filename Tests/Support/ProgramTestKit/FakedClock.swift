import Foundation
public import WorkflowModel

/// The wall clock of started programs, set by the test with libfaketime, which `Scripts/setup` installs.
///
/// Programs see a change within a second. Sleeps and lease renewals follow the real, monotonic time.
public final class FakedClock {
    private static let library = [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/faketime/libfaketimeMT.so.1", "/usr/local/lib/faketime/libfaketimeMT.so.1",
    ].first { FileManager.default.fileExists(atPath: $0) }

    private let file: String
    private let time: any TimeSource
    private var offset = Duration.zero

    public struct Unavailable: Error, CustomStringConvertible {
        public let description = "libfaketime is not installed; install it with `Scripts/setup tests`"
    }

    /// - Parameter directory: receives the file with the offset.
    public init(in directory: String, time: any TimeSource = SystemTime()) throws {
        guard Self.library != nil else { throw Unavailable() }
        file = directory + "/clock"
        self.time = time
        try write()
    }

    /// The environment for the programs.
    public var environment: [String: String] {
        [
            "LD_PRELOAD": Self.library ?? "", "FAKETIME_TIMESTAMP_FILE": file, "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "DONT_FAKE_MONOTONIC": "1",
        ]
    }

    /// The time that the programs see, once they have read the offset.
    public var now: Timestamp { time.now + offset }

    public func jump(by duration: Duration) throws {
        offset += duration
        try write()
    }

    /// Removes the shared memory that a killed program leaves behind.
    static func clearAway(after process: Int32) {
        for name in ["faketime_shm_\(process)", "sem.faketime_sem_\(process)"] {
            try? FileManager.default.removeItem(atPath: "/dev/shm/" + name)
        }
    }

    private func write() throws {
        let seconds = offset.components.seconds
        try "\(seconds < 0 ? "" : "+")\(seconds)\n".write(toFile: file, atomically: true, encoding: .utf8)
    }
}
