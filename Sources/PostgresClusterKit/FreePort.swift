import Glibc

/// A port that nobody listens on at the moment, chosen by the system.
public enum FreePort {
    public static func find() throws -> Int {
        let (descriptor, port) = try LoopbackSocket.listening()
        close(descriptor)
        return port
    }
}
