import Foundation

extension Report {
    /// Ratios first, because machines differ; then every set with its figures and percentiles.
    var markdown: String {
        // With the name of the set, because several sets measure the same with other histories and stores.
        let findings = sets.flatMap { set in
            set.findings.map { finding in
                var finding = finding
                finding.what = "\(set.name): \(finding.what)"
                return finding
            }
        }
        var lines = ["# Weir, measured", "", "\(date), commit `\(machine.commit)`.", ""]
        lines += ["| machine | |", "| --- | --- |"]
        lines += [
            "| processor | \(machine.processor), \(machine.cores) cores |",
            "| memory | \(Figure.text(machine.memoryGiB)) GiB |",
            "| system | \(machine.system); the data on \(machine.fileSystem) |",
            "| flushes of 4 KiB, one after the other | \(Figure.text(machine.flushesPerSecond))/s |",
            "| load of the machine, before and after | \(Figure.text(machine.loadBefore)), \(Figure.text(machine.loadAfter)) |",
            "| compiler | \(machine.swift) |",
            "| histories | \(sizes.map(Figure.count).joined(separator: ", ")) runs |", "",
        ]
        let targets = findings.filter { $0.target != nil }
        lines.append("\(targets.filter { $0.isMet == true }.count) of \(targets.count) targets are met.")
        lines += ["", "## Ratios", ""] + Self.table(findings.filter(\.isRatio))
        lines += ["", "## Figures with a target", ""] + Self.table(findings.filter { !$0.isRatio && $0.target != nil })
        for plot in plots { lines += ["", "![\(plot.name)](\(plot.name).svg)"] }
        for set in sets { lines += [""] + Self.section(set) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func section(_ set: SetReport) -> [String] {
        var lines = ["## \(set.name): \(set.title)", ""] + table(set.findings)
        if !set.latencies.isEmpty {
            lines += [
                "", "| in milliseconds | count | median | 90% | 99% | 99.9% | longest |",
                "| --- | --: | --: | --: | --: | --: | --: |",
            ]
            lines += set.latencies.map { latencies in
                let values = [latencies.median, latencies.p90, latencies.p99, latencies.p999, latencies.max]
                return "| \(latencies.name) | \(Figure.count(latencies.count)) | "
                    + values.map { Figure.text($0 / 1_000) }.joined(separator: " | ") + " |"
            }
        }
        if !set.worst.isEmpty { lines += ["", "The worst:", ""] + set.worst.map { "- \($0)" } }
        if !set.missing.isEmpty { lines += ["", "Not measured:", ""] + set.missing.map { "- \($0)" } }
        return lines
    }

    private static func table(_ findings: [Finding]) -> [String] {
        guard !findings.isEmpty else { return ["None."] }
        return ["| what | measured | target | met | |", "| --- | --: | --: | --- | --- |"]
            + findings.map { finding in
                let target = finding.target.map { "\($0.isCeiling ? "≤" : "≥") \(Figure.text($0.bound))" } ?? ""
                let met = finding.isMet.map { $0 ? "met" : "**not met**" } ?? ""
                let value = Figure.text(finding.value) + (finding.isRatio ? "×" : " " + finding.unit)
                return "| \(finding.what) | \(value) | \(target) | \(met) | \(finding.note ?? "") |"
            }
    }
}

/// Formats numbers.
enum Figure {
    /// Three significant digits; whole numbers above a hundred.
    static func text(_ value: Double) -> String {
        switch abs(value) {
        case 100...: count(Int(value.rounded()))
        case 10..<100: String(format: "%.1f", value)
        case 0: "0"
        case ..<0.01: String(format: "%.4f", value)
        default: String(format: "%.2f", value)
        }
    }

    static func count(_ value: Int) -> String {
        let digits = Array(String(abs(value)))
        var text = value < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
