#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// What a former process of the service left running.
struct Leftovers {
    private static let firstPause: CInt = 1
    private static let longestPause: CInt = 100

    let family: ProcessFamily
    let signals: ProcessSignals

    /// Kills what is found at the first look, and waits until it is gone; whatever cannot be told yet is left to the next time.
    func endWhatIsSeen() {
        if !family.lookEverywhere().members.isEmpty { end() }
    }

    /// Kills all of it. Blocks until none is left.
    func end() {
        // Milliseconds.
        var pause = Self.firstPause
        var uncertainLooks = 0
        while true {
            let sighting = family.lookEverywhere()
            if sighting.members.isEmpty {
                uncertainLooks += 1
                if !sighting.isUncertain || uncertainLooks > ProcessFamily.longestUncertainty { return }
            }
            sighting.members.forEach(signals.kill)
            _ = poll(nil, 0, pause)
            pause = min(pause * 2, Self.longestPause)
        }
    }
}
