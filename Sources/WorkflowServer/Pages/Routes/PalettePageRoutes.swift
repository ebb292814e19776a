import HTTPTypes
import Hummingbird
import WorkflowAPI
import WorkflowModel
import WorkflowOperations
import WorkflowPages

/// The palette, the keyboard shortcuts, and the choices of a browser.
struct PalettePageRoutes: Sendable {
    let service: PageService

    /// How long a browser keeps its choices.
    private static let kept = Duration.seconds(365 * 86_400)

    var routes: [PageRoute] {
        [
            PageRoute(.get, PageAddress.palette, .policy(.viewer)) { call in try await find(call) },
            PageRoute(.get, PageAddress.shortcuts, .policy(.viewer)) { call in
                .html(service.pages.document(ShortcutsPage(), for: call.visitor))
            },
            PageRoute(.get, PageAddress.display, .policy(.viewer)) { call in try choose(call) },
        ]
    }

    private func find(_ call: PageCall) async throws -> Response {
        let visitor = try call.known()
        let text = try call.parameter(PageAddress.searchText) ?? ""
        guard text.count <= PalettePage.longestText else {
            throw APIError.invalid("The text is longer than \(PalettePage.longestText) characters. Type a part of a name or an id.")
        }
        let lists = service.stores.lists
        var runs = try await lists.runs(matching: RunQuery(tenant: visitor.tenant, limit: PalettePage.runsToRead)).runs
        if APICall.isPossibleID(text) {
            let older = try await lists.runs(withIDs: [RunID(rawValue: text)], of: visitor.tenant)
            runs += older.filter { run in !runs.contains { $0.id == run.id } }
        }
        let page = PalettePage(
            text, workflows: try await service.stores.configurations.configurations(of: visitor.tenant), runs: runs, for: visitor)
        return .html(service.pages.document(page, for: visitor))
    }

    /// A form with GET: the choice is of the browser alone and changes nothing in the service.
    private func choose(_ call: PageCall) throws -> Response {
        let visitor = try call.known()
        let next = SignInRoutes.place(try call.parameter("next") ?? Self.referrer(of: call))
        guard let theme = try call.parameter(DisplayPage.themeField), let zone = try call.parameter(DisplayPage.zoneField) else {
            return .html(service.pages.document(DisplayPage(visitor.display, next: next), for: visitor))
        }
        var hidden = visitor.display.hidden
        let shown = try call.parameters.filter { $0.name == DisplayPage.columnField }
            .map { try Self.value($0.value, DisplayPage.columnField) as DisplayChoice.Column }
        if try call.parameter(DisplayPage.columnsMark) != nil { hidden = Set(DisplayChoice.Column.allCases).subtracting(shown) }
        let choice = DisplayChoice(
            theme: try Self.value(theme, DisplayPage.themeField), zone: try Self.value(zone, DisplayPage.zoneField),
            hidden: hidden)
        return .seeOther(
            next, headers: [.setCookie: Cookies.setting(Cookies.display, to: choice.text, for: Self.kept)])
    }

    private static func value<Value: RawRepresentable<String> & CaseIterable>(
        _ text: String, _ name: String
    ) throws(APIError) -> Value {
        guard let value = Value(rawValue: text) else {
            let accepted = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw .invalid("Unknown \(name) \(text.prefix(40).description.quoted). Accepted: \(accepted).")
        }
        return value
    }

    /// The path of the page that led here; nil for another host.
    private static func referrer(of call: PageCall) -> String? {
        guard let text = call.headers[.referer], let host = call.request.head.authority,
            let scheme = text.firstRange(of: "://")
        else { return nil }
        let rest = text[scheme.upperBound...]
        guard rest.hasPrefix(host) else { return nil }
        return String(rest.dropFirst(host.count))
    }
}

extension PageService {
    /// The time zone of a workflow's first schedule; nil unless the visitor wants times in it.
    func zone(ofWorkflow configuration: String?, for visitor: Visitor) async throws -> String? {
        guard visitor.display.zone == .workflow, let configuration,
            let version = try await stores.configurations.configuration(configuration, of: visitor.tenant),
            let schedule = try? api.configurations.parsed(version).schedules.first
        else { return nil }
        return schedule.timeZone
    }
}
