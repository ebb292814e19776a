import Foundation

/// How many things this machine can do at once.
enum Cores {
    static let count = max(1, ProcessInfo.processInfo.activeProcessorCount)
}
