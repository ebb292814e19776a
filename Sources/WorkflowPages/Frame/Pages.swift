import Mustache
import WorkflowModel

/// A view model: the template refers to its stored properties by name.
public protocol Page: Sendable {
    /// The template of its content.
    static var template: String { get }
    var title: String { get }
    /// The section of the navigation that the page belongs to.
    var section: Section? { get }
    /// The state that the browser's tab shows; nil for a page about no run.
    var tabState: TabState? { get }
}

extension Page {
    public var tabState: TabState? { nil }
}

/// The state of a run, as the tab of a browser shows it: a word before the title, and an icon.
public struct TabState: Hashable, Sendable {
    var word: String
    /// The name of the icon's file.
    var icon: String

    init(_ state: RunState) {
        word = state.state.label
        icon =
            switch state.state.tone {
            case .succeeded: "icon-succeeded"
            case .failed, .troubled: "icon-failed"
            case .stopped: "icon-stopped"
            case .active, .waiting, .skipped, .blocked: "icon-active"
            }
    }
}

/// Renders pages and parts of pages. Templates, stylesheet and scripts are embedded in the program.
public struct Pages: Sendable {
    private let library: MustacheLibrary
    public let assets: Assets

    /// - Throws: when a template is invalid, which is a bug that every test finds.
    public init() throws {
        MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
        var library = MustacheLibrary()
        for (name, text) in EmbeddedFiles.templates {
            library.register(try MustacheTemplate(string: "{{% CONTENT_TYPE:\(HTMLText.name)}}" + text), named: name)
        }
        self.library = library
        assets = Assets()
    }

    /// A complete HTML document.
    /// - Parameter zone: the time zone of the page's workflow; nil for none.
    public func document(_ page: some Page, for visitor: Visitor?, zone: String? = nil) -> String {
        let display = visitor?.display ?? DisplayChoice()
        let frame = Frame(
            title: [page.tabState?.word, page.title].compactMap(\.self).joined(separator: " · "),
            icon: page.tabState?.icon ?? "weir", theme: display.theme == .system ? nil : display.theme.rawValue,
            zone: display.zoneName(ofWorkflow: zone), assets: assets.path, main: content(page),
            visitor: visitor.map { VisitorText($0) }, sections: Section.links(for: visitor, current: page.section))
        return render(frame, "layout")
    }

    func content(_ page: some Page) -> String {
        render(page, type(of: page).template)
    }

    func render(_ model: Any, _ template: String) -> String {
        library.render(model, withTemplate: template) ?? ""
    }
}

/// The sections of the navigation.
public enum Section: Hashable, Sendable {
    case history, configured, alerts, secrets, keys, audit

    static func links(for visitor: Visitor?, current: Section?) -> [SectionLink] {
        guard let visitor else { return [] }
        var links: [(Section, String, String)] = [
            (.history, "Run history", PageAddress.history), (.configured, "Workflows", PageAddress.configured),
            (.alerts, "Alerts", PageAddress.alerts),
        ]
        if visitor.policy.includes(.admin) {
            links += [
                (.secrets, "Secrets", PageAddress.secrets), (.keys, "API keys", PageAddress.keys),
                (.audit, "Audit", PageAddress.audit),
            ]
        }
        return links.map { SectionLink(name: $1, href: $2, isCurrent: $0 == current) }
    }
}

struct SectionLink: Sendable {
    var name: String
    var href: String
    var isCurrent: Bool
}

/// The layout around the content of every page.
private struct Frame: Sendable {
    var title: String
    var icon: String
    /// nil for the system's.
    var theme: String?
    /// nil for the browser's.
    var zone: String?
    var assets: String
    /// Rendered HTML.
    var main: String
    var visitor: VisitorText?
    var sections: [SectionLink]
}
