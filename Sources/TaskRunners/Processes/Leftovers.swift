#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// Processes that a previous process of the service left running.
struct Leftovers {
    private static let firstPause: CInt = 1
    private static let longestPause: CInt = 100

    let family: ProcessFamily
    let signals: ProcessSignals

    /// Kills the processes found by one scan and waits for their end. Uncertain processes are left to the next scan.
    func endWhatIsSeen() {
        if !family.scanAll().members.isEmpty { end() }
    }

    /// Kills all processes. Blocks until none is left.
    func end() {
        // In milliseconds.
        var pause = Self.firstPause
        var uncertainScans = 0
        while true {
            let result = family.scanAll()
            if result.members.isEmpty {
                uncertainScans += 1
                if !result.isUncertain || uncertainScans > ProcessFamily.longestUncertainty { return }
            }
            result.members.forEach(signals.kill)
            _ = poll(nil, 0, pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
