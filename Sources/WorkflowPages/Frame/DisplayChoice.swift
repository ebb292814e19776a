/// How a browser shows the pages: its theme, the zone of all times, and the columns of the run history. Kept in a cookie, because it belongs to
/// the screen and not to the key.
public struct DisplayChoice: Hashable, Sendable {
    public enum Theme: String, CaseIterable, Sendable {
        case system, light, dark
    }

    public enum Zone: String, CaseIterable, Sendable {
        case browser, utc
        /// The zone of the workflow's first schedule; the browser's on pages of no workflow, and without a schedule.
        case workflow
    }

    /// A part of a row of the run history that can be hidden. The name, the state and the error are always shown.
    public enum Column: String, CaseIterable, Sendable {
        case workflow, type, labels, details, principal, started, ended, duration
    }

    public var theme: Theme
    public var zone: Zone
    /// Hidden rather than shown ones, so that a column of a later version is shown.
    public var hidden: Set<Column>

    public init(theme: Theme = .system, zone: Zone = .browser, hidden: Set<Column> = []) {
        self.theme = theme
        self.zone = zone
        self.hidden = hidden
    }

    /// Reads a cookie. Values from another version are the defaults.
    public init(text: String) {
        let parts = text.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        self.init(
            theme: parts.first.flatMap(Theme.init) ?? .system, zone: parts.dropFirst().first.flatMap(Zone.init) ?? .browser,
            hidden: Set((parts.dropFirst(2).first ?? "").split(separator: "-").compactMap { Column(rawValue: String($0)) }))
    }

    public var text: String {
        let columns = Column.allCases.filter(hidden.contains).map(\.rawValue).joined(separator: "-")
        return "\(theme.rawValue).\(zone.rawValue)\(columns.isEmpty ? "" : ".\(columns)")"
    }

    /// The zone that scripts show times in; nil for the browser's.
    /// - Parameter workflow: the zone of the page's workflow.
    func zoneName(ofWorkflow workflow: String?) -> String? {
        switch zone {
        case .browser: nil
        case .utc: "UTC"
        case .workflow: workflow
        }
    }
}

/// The form with the choices of a browser.
public struct DisplayPage: Page {
    public static let template = "display"
    public static let themeField = "theme"
    public static let zoneField = "zone"
    public static let columnField = "column"
    /// Stands in a form with columns, because a box that is not checked is not sent.
    public static let columnsMark = "columns"

    public var title: String { "Display" }
    public var section: Section? { nil }

    var themes: [Option]
    var zones: [Option]
    var columns: [Option]
    /// The page to return to.
    var next: String

    public init(_ choice: DisplayChoice, next: String) {
        self.next = next
        themes = DisplayChoice.Theme.allCases.map { theme in
            let label =
                switch theme {
                case .system: "As the system"
                case .light: "Light"
                case .dark: "Dark"
                }
            return Option(value: theme.rawValue, label: label, isChosen: theme == choice.theme)
        }
        zones = DisplayChoice.Zone.allCases.map { zone in
            let label =
                switch zone {
                case .browser: "This browser's"
                case .utc: "UTC"
                case .workflow: "The workflow's, where a page is about one with a schedule"
                }
            return Option(value: zone.rawValue, label: label, isChosen: zone == choice.zone)
        }
        columns = DisplayChoice.Column.allCases.map {
            Option(value: $0.rawValue, label: $0.label, isChosen: !choice.hidden.contains($0))
        }
    }
}

extension DisplayChoice.Column {
    fileprivate var label: String {
        switch self {
        case .workflow: "Workflow id"
        case .type: "Type"
        case .labels: "Labels"
        case .details: "Attempts, rerun, run mode, schedule and range"
        case .principal: "Started by"
        case .started: "Started"
        case .ended: "Ended"
        case .duration: "Duration"
        }
    }
}
