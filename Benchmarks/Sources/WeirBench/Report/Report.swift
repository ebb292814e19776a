import Foundation

/// The results of one benchmark.
struct Report: Codable, Sendable {
    /// ISO 8601, UTC.
    var date: String
    var machine: Machine
    /// The sizes of the measured histories.
    var sizes: [Int]
    var sets: [SetReport] = []

    /// Writes `report.json`, `report.md` and the plots.
    func write(to directory: String) throws {
        let folder = URL(fileURLWithPath: directory)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(self).write(to: folder.appending(path: "report.json"))
        try Data(markdown.utf8).write(to: folder.appending(path: "report.md"))
        for plot in plots {
            try Data(plot.svg.utf8).write(to: folder.appending(path: "\(plot.name).svg"))
        }
    }

    var plots: [Plot] {
        let series = sets.flatMap(\.series)
        var names: [String] = []
        for one in series where !names.contains(one.plot) { names.append(one.plot) }
        return names.map { name in Plot(name: name, series: series.filter { $0.plot == name }) }
    }
}
