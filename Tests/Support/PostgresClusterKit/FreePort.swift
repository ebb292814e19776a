import Glibc

/// A free port, chosen by the system.
public enum FreePort {
    public static func find() throws -> Int {
        let (descriptor, port) = try LoopbackSocket.listening()
        close(descriptor)
        return port
    }
}
