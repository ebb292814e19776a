import Foundation

/// The number of processor cores.
enum Cores {
    static let count = max(1, ProcessInfo.processInfo.activeProcessorCount)
}
