/// How a browser shows the pages: its theme, and the zone of all times. Kept in a cookie, because it belongs to the screen and not to the key.
public struct DisplayChoice: Hashable, Sendable {
    public enum Theme: String, CaseIterable, Sendable {
        case system, light, dark
    }

    public enum Zone: String, CaseIterable, Sendable {
        case browser, utc
        /// The zone of the workflow's first schedule; the browser's on pages of no workflow, and without a schedule.
        case workflow
    }

    public var theme: Theme
    public var zone: Zone

    public init(theme: Theme = .system, zone: Zone = .browser) {
        self.theme = theme
        self.zone = zone
    }

    /// Reads a cookie. Values from another version are the defaults.
    public init(text: String) {
        let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
        self.init(
            theme: parts.first.flatMap(Theme.init) ?? .system, zone: parts.dropFirst().first.flatMap(Zone.init) ?? .browser)
    }

    public var text: String { "\(theme.rawValue).\(zone.rawValue)" }

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

/// The form with the theme and the zone.
public struct DisplayPage: Page {
    public static let template = "display"
    public static let themeField = "theme"
    public static let zoneField = "zone"

    public var title: String { "Display" }
    public var section: Section? { nil }

    var themes: [Option]
    var zones: [Option]
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
    }
}
