import Foundation

/// Cost by size, with logarithmic axes, so that a constant cost is a flat line.
struct Plot: Sendable {
    var name: String
    var series: [Series]

    private static let size = (width: 720.0, height: 400.0)
    private static let margin = (left: 80.0, right: 220.0, top: 40.0, bottom: 50.0)
    private static let colors = ["#1b6ca8", "#c8553d", "#588157", "#8d5a97", "#b08900", "#444444", "#00868b", "#b5446e"]

    var svg: String {
        let points = series.flatMap(\.points).filter { $0.cost > 0 }
        let (left, right) = decades(points.map { Double($0.runs) })
        let (bottom, top) = decades(points.map(\.cost))
        func x(_ runs: Double) -> Double {
            Self.margin.left + (log10(runs) - left) / (right - left) * (Self.size.width - Self.margin.left - Self.margin.right)
        }
        func y(_ cost: Double) -> Double {
            let height = Self.size.height - Self.margin.top - Self.margin.bottom
            return Self.size.height - Self.margin.bottom - (log10(cost) - bottom) / (top - bottom) * height
        }
        var parts = [
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 \(number(Self.size.width)) \(number(Self.size.height))\""
                + " font-family=\"sans-serif\" font-size=\"12\">",
            "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>",
            text(name + ", " + (series.first?.unit ?? ""), 16, 22, weight: "bold"),
            text("runs in the history", Self.margin.left, Self.size.height - 10),
        ]
        for decade in stride(from: left, through: right, by: 1) {
            let place = x(pow(10, decade))
            parts.append(line(place, Self.margin.top, place, Self.size.height - Self.margin.bottom))
            parts.append(text(Figure.count(Int(pow(10, decade).rounded())), place, Self.size.height - 30, anchor: "middle"))
        }
        for decade in stride(from: bottom, through: top, by: 1) {
            let place = y(pow(10, decade))
            parts.append(line(Self.margin.left, place, Self.size.width - Self.margin.right, place))
            parts.append(text(Figure.text(pow(10, decade)), Self.margin.left - 8, place + 4, anchor: "end"))
        }
        for (index, one) in series.enumerated() {
            let color = Self.colors[index % Self.colors.count]
            let places = one.points.filter { $0.cost > 0 }.map { (x(Double($0.runs)), y($0.cost)) }
            let path = places.map { "\(number($0.0)),\(number($0.1))" }.joined(separator: " ")
            parts.append("<polyline points=\"\(path)\" fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\"/>")
            parts += places.map { "<circle cx=\"\(number($0.0))\" cy=\"\(number($0.1))\" r=\"3\" fill=\"\(color)\"/>" }
            let row = Self.margin.top + Double(index) * 18 + 6
            let column = Self.size.width - Self.margin.right + 14
            parts.append("<rect x=\"\(number(column))\" y=\"\(number(row - 8))\" width=\"10\" height=\"10\" fill=\"\(color)\"/>")
            parts.append(text(one.name, column + 16, row + 1))
        }
        return parts.joined(separator: "\n") + "\n</svg>\n"
    }

    /// The powers of ten that enclose all values, at least one apart.
    private func decades(_ values: [Double]) -> (Double, Double) {
        let low = floor(log10(values.min() ?? 1))
        return (low, max(low + 1, ceil(log10(values.max() ?? 10))))
    }

    private func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double) -> String {
        "<line x1=\"\(number(x1))\" y1=\"\(number(y1))\" x2=\"\(number(x2))\" y2=\"\(number(y2))\" stroke=\"#dddddd\"/>"
    }

    private func text(_ text: String, _ x: Double, _ y: Double, anchor: String = "start", weight: String = "normal") -> String {
        let escaped = text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
        return "<text x=\"\(number(x))\" y=\"\(number(y))\" text-anchor=\"\(anchor)\" font-weight=\"\(weight)\">\(escaped)</text>"
    }

    private func number(_ value: Double) -> String {
        String(format: "%.1f", value)
    }
}
